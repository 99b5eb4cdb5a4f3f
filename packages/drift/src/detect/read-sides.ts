import { profile } from "../profile/create-profile.ts";
import { toNumber } from "../profile/numeric-column-counter.ts";
import { createProfileBuilder } from "../profile/profile-builder.ts";
import type { DataColumns, ProfileData } from "../profile/profile-data.ts";
import type { Profile } from "../profile/profile.ts";
import type { DriftOptions } from "./drift-options.ts";
import { splitColumns } from "./split-columns.ts";
import type { Sides } from "./sides.ts";

/** Both sides as profiles, and what is known besides. */
export interface ReadSides {
  readonly profiles: Sides<Profile>;
  /** The data, where both sides were given as such and each row counts once. */
  readonly data: Sides<DataColumns> | undefined;
  /** Columns that could not be read, with the side and the problem. */
  readonly problems: ReadonlyMap<string, string>;
}

/**
 * Profiles what is not yet a profile: the reference on its own cells, the current data on the
 * reference's.
 */
export function readSides(
  reference: Profile | ProfileData,
  current: Profile | ProfileData,
  options: DriftOptions,
): ReadSides {
  const { columns, referenceWeights, currentWeights } = options;
  const problems = new Map<string, string>();
  let referenceData: DataColumns | undefined;
  let referenceProfile: Profile;
  if (isProfile(reference)) referenceProfile = reference;
  else {
    const split = splitColumns(reference);
    for (const [name, problem] of split.problems) problems.set(name, `The reference's column ${problem}.`);
    referenceData = split.columns;
    referenceProfile = profile(split.data, {
      ...(columns === undefined ? {} : { columns }),
      ...(referenceWeights === undefined ? {} : { weights: referenceWeights }),
    });
  }
  if (isProfile(current)) {
    return { profiles: { reference: referenceProfile, current }, data: undefined, problems };
  }
  const split = splitColumns(current);
  for (const [name, problem] of split.problems) {
    if (!problems.has(name)) problems.set(name, `The current data's column ${problem}.`);
  }
  const builder = createProfileBuilder({ reference: referenceProfile });
  builder.addAll(split.data, currentWeights);
  const isWeighted = referenceWeights !== undefined || currentWeights !== undefined;
  return {
    profiles: { reference: referenceProfile, current: builder.build() },
    data:
      referenceData === undefined || isWeighted
        ? undefined
        : { reference: referenceData, current: split.columns },
    problems,
  };
}

/** Whether it is a profile: in columns of data there is no column that is a number. */
function isProfile(value: Profile | ProfileData): value is Profile {
  return (
    typeof value === "object" &&
    value !== null &&
    "squaredWeight" in value &&
    typeof value.squaredWeight === "number" &&
    Array.isArray(value.columns)
  );
}

/** The numbers of one column without NaN, from both sides; `undefined` where they are not at hand. */
export function numbersOfColumn(
  data: Sides<DataColumns> | undefined,
  name: string,
): Sides<Float64Array> | undefined {
  if (data === undefined) return undefined;
  const reference = data.reference.columns.find((column) => column.name === name);
  const current = data.current.columns.find((column) => column.name === name);
  if (reference === undefined || current === undefined) return undefined;
  // More than can be tested exactly; not worth the copy.
  if (reference.values.length * current.values.length > 4_000_000) return undefined;
  return { reference: numbersIn(reference.values), current: numbersIn(current.values) };
}

function numbersIn(values: ArrayLike<unknown>): Float64Array {
  const numbers = new Float64Array(values.length);
  let count = 0;
  for (let row = 0; row < values.length; row += 1) {
    const number = toNumber(values[row]);
    if (number === undefined || Number.isNaN(number)) continue;
    numbers[count] = number;
    count += 1;
  }
  return numbers.subarray(0, count);
}
