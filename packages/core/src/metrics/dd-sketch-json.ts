import { InvalidOptionsError } from "../errors/invalid-options-error.ts";

/** What `DDSketch.toJSON` gives. */
export interface DDSketchJson {
  readonly relativeAccuracy: number;
  readonly maxBuckets: number;
  /** How many values were added, an integer. */
  readonly count: number;
  readonly sum: number;
  /** `null` for an empty sketch. */
  readonly min: number | null;
  /** `null` for an empty sketch. */
  readonly max: number | null;
  /** How many of the values count as zero. */
  readonly zeroCount: number;
  /** The index of the bucket that `counts` starts with. */
  readonly firstIndex: number;
  /** How many values are in each bucket, from the lowest one in use to the highest one. */
  readonly counts: readonly number[];
}

/**
 * Checks what came from outside. The options are left to the sketch's constructor.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` for what no sketch can be made of.
 */
export function parseDDSketchJson(json: unknown): DDSketchJson {
  const refuse = (problem: string): never => {
    throw new InvalidOptionsError({ option: "json", problem });
  };
  if (typeof json !== "object" || json === null) return refuse("is not the JSON of a sketch");
  const { counts, ...rest } = json as Partial<Record<keyof DDSketchJson, unknown>>;
  const { relativeAccuracy, maxBuckets, count, sum, min, max, zeroCount, firstIndex } = rest;
  if (!isCount(count)) return refuse(`has the count ${String(count)}`);
  if (!isCount(zeroCount)) return refuse(`has the zeroCount ${String(zeroCount)}`);
  if (!Number.isInteger(firstIndex) || Math.abs(firstIndex as number) > 2 ** 31)
    return refuse(`has the firstIndex ${String(firstIndex)}`);
  if (!Array.isArray(counts) || !counts.every(isCount)) return refuse("has counts that are not counts");
  if (counts.length > Number(maxBuckets)) return refuse("has more counts than maxBuckets");
  // Counts that do not end with one in use would move what is collapsed.
  if (counts.at(-1) === 0) return refuse("has counts that end with 0");
  if (counts.reduce((total: number, value: number) => total + value, zeroCount) !== count)
    return refuse("has counts that do not add up to its count");
  const isEmpty = count === 0;
  const isRange = isEmpty ? min === null && max === null : isValue(min) && isValue(max) && min <= max;
  if (!isRange) return refuse(`has the range ${String(min)} to ${String(max)}`);
  if (!isValue(sum)) return refuse(`has the sum ${String(sum)}`);
  return {
    relativeAccuracy: relativeAccuracy as number,
    maxBuckets: maxBuckets as number,
    count,
    sum,
    min: min as number | null,
    max: max as number | null,
    zeroCount,
    firstIndex: firstIndex as number,
    counts,
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isValue(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value < Infinity;
}
