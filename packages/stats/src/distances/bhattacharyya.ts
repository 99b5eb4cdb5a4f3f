import { hellingerDistance } from "./hellinger.ts";

/**
 * The Bhattacharyya distance -ln Σ √(pᵢ·qᵢ), which is -ln(1 - H²) with the Hellinger distance H.
 *
 * Symmetric, 0 for equal shares, in [0, ∞]: `Infinity` for distributions that share no cell. No
 * metric.
 *
 * @throws InvalidArgumentError for lists that are no distributions over the same cells.
 *
 * @example
 * ```ts
 * bhattacharyyaDistance([1, 0], [1, 1]); //=> 0.34657359027997264
 * ```
 */
export function bhattacharyyaDistance(p: ArrayLike<number>, q: ArrayLike<number>): number {
  return Math.abs(Math.log1p(-(hellingerDistance(p, q) ** 2)));
}
