import { pairShares } from "./paired-shares.ts";

/**
 * The Hellinger distance √(½ Σ (√pᵢ - √qᵢ)²).
 *
 * A metric: symmetric, 0 for equal shares, in [0, 1], and 1 only for distributions that share no
 * cell. Finite with empty cells.
 *
 * @throws InvalidArgumentError for lists that are no distributions over the same cells.
 *
 * @example
 * ```ts
 * hellingerDistance([1, 0], [1, 1]); //=> 0.541196100146197
 * ```
 */
export function hellingerDistance(p: ArrayLike<number>, q: ArrayLike<number>): number {
  const shares = pairShares(p, q);
  let sum = 0;
  for (let cell = 0; cell < shares.p.length; cell += 1) {
    const difference = Math.sqrt(shares.p[cell]!) - Math.sqrt(shares.q[cell]!);
    sum += difference * difference;
  }
  return Math.min(Math.sqrt(sum / 2), 1);
}
