import { pairShares } from "./paired-shares.ts";

/**
 * The symmetric chi-square distance ½ Σ (pᵢ - qᵢ)² / (pᵢ + qᵢ), also called triangular
 * discrimination.
 *
 * Symmetric, 0 for equal shares, in [0, 1]; its square root is a metric. Finite with empty cells.
 * A distance, not a test: for a p-value use the chi-square test on the counts.
 *
 * @throws InvalidArgumentError for lists that are no distributions over the same cells.
 *
 * @example
 * ```ts
 * chiSquareDistance([1, 0], [1, 1]); //=> 0.3333333333333333
 * ```
 */
export function chiSquareDistance(p: ArrayLike<number>, q: ArrayLike<number>): number {
  const shares = pairShares(p, q);
  let sum = 0;
  for (let cell = 0; cell < shares.p.length; cell += 1) {
    const difference = shares.p[cell]! - shares.q[cell]!;
    sum += (difference * difference) / (shares.p[cell]! + shares.q[cell]!);
  }
  return Math.min(sum / 2, 1);
}
