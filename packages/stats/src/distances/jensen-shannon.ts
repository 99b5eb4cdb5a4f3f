import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { pairShares } from "./paired-shares.ts";

/** Options of {@link jensenShannonDivergence} and {@link jensenShannonDistance}. */
export interface JensenShannonOptions {
  /** The logarithm's base, above 1; by default 2, with which the range is [0, 1]. */
  readonly base?: number;
}

/**
 * The Jensen-Shannon divergence ½·D(p ‖ m) + ½·D(q ‖ m) with m = (p + q) / 2: what one draw tells
 * about which of the two it came from.
 *
 * Symmetric, 0 for equal shares, in [0, log_base 2], which is [0, 1] for base 2. Finite with empty
 * cells. Its square root is {@link jensenShannonDistance}; the tools do not agree which of the
 * two, and in which base, they call by this name.
 *
 * @throws InvalidArgumentError for lists that are no distributions over the same cells.
 *
 * @example
 * ```ts
 * jensenShannonDivergence([1, 0], [0, 1]); //=> 1
 * ```
 */
export function jensenShannonDivergence(
  p: ArrayLike<number>,
  q: ArrayLike<number>,
  options: JensenShannonOptions = {},
): number {
  const { base = 2 } = options;
  if (!(base > 1 && base < Infinity)) {
    throw new InvalidArgumentError(`options.base is ${String(base)}; pass a finite number above 1.`, {
      argument: "options.base",
    });
  }
  const shares = pairShares(p, q);
  let sum = 0;
  for (let cell = 0; cell < shares.p.length; cell += 1) {
    const total = shares.p[cell]! + shares.q[cell]!;
    sum += total * contrastEntropy(Math.abs(shares.p[cell]! - shares.q[cell]!) / total);
  }
  return Math.min(sum / 4 / Math.log(base), Math.LN2 / Math.log(base));
}

/**
 * The square root of {@link jensenShannonDivergence}, which is a metric: the triangle inequality
 * holds. With base 2, the default, in [0, 1].
 *
 * @throws InvalidArgumentError for lists that are no distributions over the same cells.
 */
export function jensenShannonDistance(
  p: ArrayLike<number>,
  q: ArrayLike<number>,
  options: JensenShannonOptions = {},
): number {
  return Math.sqrt(jensenShannonDivergence(p, q, options));
}

/** (1 + d)·ln(1 + d) + (1 - d)·ln(1 - d) for d in [0, 1], without cancellation near 0. */
function contrastEntropy(contrast: number): number {
  if (contrast >= 1) return 2 * Math.LN2;
  if (contrast > 0.05) return (1 + contrast) * Math.log1p(contrast) + (1 - contrast) * Math.log1p(-contrast);
  // The series d² + d⁴/6 + d⁶/15 + d⁸/28 + …, whose next term is below 2e-13 of the first here.
  const square = contrast * contrast;
  return square * (1 + square * (1 / 6 + square * (1 / 15 + square * (1 / 28 + square / 45))));
}
