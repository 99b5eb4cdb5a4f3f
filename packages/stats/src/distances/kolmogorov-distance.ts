import { pairShares } from "./paired-shares.ts";

/**
 * The largest gap of the two cumulative distributions, max |Pᵢ - Qᵢ|, over cells in their order.
 * On binned data it is at most the Kolmogorov-Smirnov statistic of the values themselves, and the
 * same where every value has a cell of its own.
 *
 * A metric: symmetric, 0 for equal shares, in [0, 1].
 *
 * @throws InvalidArgumentError for lists that are no distributions over the same cells.
 *
 * @example
 * ```ts
 * kolmogorovDistance([1, 1, 2], [2, 1, 1]); //=> 0.25
 * ```
 */
export function kolmogorovDistance(p: ArrayLike<number>, q: ArrayLike<number>): number {
  const shares = pairShares(p, q);
  let gap = 0;
  let largest = 0;
  for (let cell = 0; cell < shares.p.length; cell += 1) {
    gap += shares.p[cell]! - shares.q[cell]!;
    largest = Math.max(largest, Math.abs(gap));
  }
  return Math.min(largest, 1);
}
