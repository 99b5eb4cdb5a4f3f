import { createRandom } from "@mlops/stats";
import { detectDrift } from "../detect/detect-drift.ts";
import { InvalidDriftOptionsError } from "../errors/invalid-drift-options-error.ts";
import { columnsOf, type ProfileData } from "../profile/profile-data.ts";
import type { ColumnKind } from "../profile/profile.ts";
import type { DriftStatus } from "../verdict/drift-status.ts";
import { principalComponents } from "./principal-components.ts";
import { learnRowEncoding } from "./row-encoding.ts";

/** Options of {@link detectReconstructionDrift}. */
export interface ReconstructionOptions {
  /** How often, at most, the verdict may be `drift` where nothing has changed, in (0, 1). By default 0.05. */
  readonly alpha?: number;
  /** The components are as few as hold this share of the variance, in (0, 1). By default 0.65. */
  readonly explainedShare?: number;
  /** Which share of the rows has to have moved for a change to matter, in (0, 1). By default 0.05. */
  readonly materialShift?: number;
  /** `stable` needs sizes at which a move of this share of rows would most likely be found, in (0, 1]. By default 0.2. */
  readonly detectableShift?: number;
  /** A whole number, by default 0: the same data give the same result. */
  readonly seed?: number;
  /** Columns that are passed over. */
  readonly exclude?: readonly string[];
  /** Kinds of columns; by default inferred. */
  readonly kinds?: Readonly<Record<string, ColumnKind>>;
}

/** The verdict on how well rows can be reconstructed. Plain data, without NaN or Infinity. */
export interface ReconstructionResult {
  readonly status: DriftStatus;
  /** The status in one sentence. */
  readonly reason: string;
  readonly alpha: number;
  readonly pValue: number | null;
  /** The mean distance between a row and its reconstruction, in standard deviations; `null` where nothing was tested. */
  readonly meanError: { readonly reference: number; readonly current: number } | null;
  /** How many components there are, of how many features, and what they hold of the variance. */
  readonly components: { readonly kept: number; readonly of: number; readonly explained: number } | null;
  /** Rows whose errors were compared: half of the reference's, and all of the current ones. */
  readonly rows: { readonly reference: number; readonly current: number };
}

/** With fewer rows for each feature, the components are those of the noise. */
const rowsPerFeature = 2;

/**
 * Tests whether rows are still made up as those of the reference were: whether the few principal
 * components of the reference reconstruct the current rows as well as they did its own. It sees
 * changes of how numbers hang together, for many columns at once, as NannyML's reconstruction
 * error does.
 *
 * The components are learned from one half of the reference. The errors of the other half and of
 * the current rows are compared as any numeric column is (see `detectDrift`): without a change all of
 * them are draws of one distribution, so the false-alarm rate is `alpha`. NannyML's band of three
 * standard deviations of its chunks has none that is known.
 *
 * Numbers and datetimes are taken in standard deviations of the reference, at most 8 of them;
 * categories and booleans as how frequent they were; vectors by component. What is missing counts as
 * the mean. Texts are left out. The time grows with the cube of the number of features: a tenth of a
 * second for 100, some seconds for 500.
 *
 * @throws InvalidDataError `INVALID_DATA` for what is neither rows nor columns.
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` for options outside their ranges.
 *
 * @example
 * ```ts
 * const { status, meanError } = detectReconstructionDrift(lastMonth, thisWeek);
 * meanError; //=> { reference: 0.71, current: 1.32 }
 * ```
 */
export function detectReconstructionDrift(
  reference: ProfileData,
  current: ProfileData,
  options: ReconstructionOptions = {},
): ReconstructionResult {
  const { alpha = 0.05, explainedShare = 0.65, seed = 0, exclude = [], kinds = {} } = options;
  if (!(explainedShare > 0 && explainedShare < 1)) {
    throw new InvalidDriftOptionsError({
      option: "explainedShare",
      problem: `is ${String(explainedShare)}`,
      remedy: "Pass a number above 0 and below 1.",
    });
  }
  const { materialShift = 0.05, detectableShift = 0.2 } = options;
  // Checks the options, also where there is nothing to compare.
  const judge = (before: ArrayLike<number>, after: ArrayLike<number>) =>
    detectDrift({ error: before }, { error: after }, { alpha, materialShift, detectableShift, seed });
  judge([], []);

  const before = columnsOf(reference);
  const after = columnsOf(current);
  const shuffled = createRandom(seed).shuffle(Array.from({ length: before.rowCount }, (_, row) => row));
  const learned = shuffled.slice(0, Math.floor(shuffled.length / 2));
  const held = shuffled.slice(learned.length);
  const rows = { reference: held.length, current: after.rowCount };
  const unknown = { alpha, pValue: null, meanError: null, components: null, rows };
  const encoding = learnRowEncoding(before, learned, { exclude, kinds });
  if (encoding.featureCount < 2) {
    const reason = `There are ${encoding.featureCount} features with two different values; 2 or more can hang together.`;
    return { status: "invalid", reason, ...unknown };
  }
  const least = rowsPerFeature * encoding.featureCount;
  if (learned.length < least) {
    const reason = `Half of the reference is ${learned.length} rows; ${encoding.featureCount} features need ${least}.`;
    return { status: "not-enough-data", reason, ...unknown };
  }
  const { vectors, explained } = principalComponents(encoding.encode(before, learned), explainedShare);
  const errorsOf = (encoded: readonly Float64Array[]): Float64Array =>
    Float64Array.from(encoded, (row) => reconstructionError(row, vectors));
  const heldErrors = errorsOf(encoding.encode(before, held));
  const currentErrors = errorsOf(encoding.encode(after));
  const [verdict] = judge(heldErrors, currentErrors).columns;
  return {
    ...unknown,
    status: verdict!.status,
    reason: `Of the distance between a row and its reconstruction: ${verdict!.reason}`,
    pValue: verdict!.pValue,
    meanError:
      currentErrors.length === 0 ? null : { reference: mean(heldErrors), current: mean(currentErrors) },
    components: { kept: vectors.length, of: encoding.featureCount, explained },
  };
}

/** What of a row does not lie along the components: by Pythagoras, its length less theirs. */
function reconstructionError(row: Float64Array, vectors: readonly Float64Array[]): number {
  const rest = row.slice();
  for (const vector of vectors) {
    let along = 0;
    for (let index = 0; index < row.length; index += 1) along += rest[index]! * vector[index]!;
    for (let index = 0; index < row.length; index += 1) rest[index]! -= along * vector[index]!;
  }
  return Math.sqrt(rest.reduce((sum, value) => sum + value * value, 0));
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}
