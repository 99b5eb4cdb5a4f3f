import { InvalidOptionsError } from "../errors/invalid-options-error.ts";

/**
 * The rank of a percentile among `count` sorted values, counted from 1: `⌈p·N/100⌉`, where `p = 0`
 * has the first rank, so that percentile 0 is the minimum and percentile 100 the maximum.
 *
 * `p` counts as the decimal it is written as: `99.9` of 1,000 is rank 999, though the double nearest
 * to 99.9 lies a little above it. For that the product is lowered by 2⁻⁴⁸ of itself before it is
 * rounded up; ranks are exact for every `p` of up to four decimals and `N` up to 10⁸.
 *
 * @param percentile In [0, 100].
 * @param count How many values there are, at least 1.
 * @returns An integer in [1, count].
 * @throws InvalidOptionsError `INVALID_OPTIONS` for a percentile outside [0, 100].
 *
 * @example
 * ```ts
 * nearestRank(95, 20); // 19
 * nearestRank(95, 21); // 20
 * nearestRank(0, 21); // 1
 * ```
 */
export function nearestRank(percentile: number, count: number): number {
  assertPercentile(percentile, "percentile");
  const product = (percentile * count) / 100;
  return Math.min(Math.max(Math.ceil(product - product * roundingTolerance), 1), count);
}

/**
 * The percentile of sorted values by the nearest rank, `L₍⌈p·N/100⌉₎`: always one of the values,
 * never between two of them.
 *
 * @param sorted Values in ascending order.
 * @param percentile In [0, 100].
 * @returns `undefined` for no values.
 * @throws InvalidOptionsError `INVALID_OPTIONS` for a percentile outside [0, 100].
 *
 * @example
 * ```ts
 * percentileOfSorted([15, 20, 35, 40, 50], 40); // 20
 * ```
 */
export function percentileOfSorted(sorted: ArrayLike<number>, percentile: number): number | undefined {
  return sorted[nearestRank(percentile, sorted.length) - 1];
}

/** @throws InvalidOptionsError `INVALID_OPTIONS` unless `value` is a number in [0, 100]. */
export function assertPercentile(value: unknown, option: string): asserts value is number {
  if (typeof value === "number" && value >= 0 && value <= 100) return;
  throw new InvalidOptionsError({ option, problem: `is ${String(value)}; a percentile is in [0, 100]` });
}

const roundingTolerance = 2 ** -48;
