import { pairShares } from "./paired-shares.ts";

/**
 * The total variation distance ½ Σ |pᵢ - qᵢ|: the share of rows that would have to change their
 * cell.
 *
 * A metric: symmetric, 0 for equal shares, in [0, 1].
 *
 * @throws InvalidArgumentError for lists that are no distributions over the same cells.
 *
 * @example
 * ```ts
 * totalVariationDistance([50, 50], [40, 60]); //=> 0.09999999999999998
 * ```
 */
export function totalVariationDistance(p: ArrayLike<number>, q: ArrayLike<number>): number {
  const shares = pairShares(p, q);
  let sum = 0;
  for (let cell = 0; cell < shares.p.length; cell += 1) {
    sum += Math.abs(shares.p[cell]! - shares.q[cell]!);
  }
  return Math.min(sum / 2, 1);
}

/**
 * The largest difference of one cell's shares, max |pᵢ - qᵢ| (L∞, Chebyshev).
 *
 * A metric: symmetric, 0 for equal shares, in [0, 1]. With many cells it hardly moves: no share is
 * large.
 *
 * @throws InvalidArgumentError for lists that are no distributions over the same cells.
 */
export function lInfinityDistance(p: ArrayLike<number>, q: ArrayLike<number>): number {
  const shares = pairShares(p, q);
  let largest = 0;
  for (let cell = 0; cell < shares.p.length; cell += 1) {
    largest = Math.max(largest, Math.abs(shares.p[cell]! - shares.q[cell]!));
  }
  return largest;
}
