import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { logRatio } from "./log-ratio.ts";
import { checkCounts, pairShares } from "./paired-shares.ts";
import { checkZeros, type ZeroHandling } from "./zero-handling.ts";

/** Options of {@link klDivergence}. */
export interface KlDivergenceOptions {
  /** The logarithm's base, above 1; by default e, which gives nats. */
  readonly base?: number;
  /** What to do with cells that are empty on one side; by default `"none"`. */
  readonly zeros?: ZeroHandling;
  /**
   * `"first-order"` subtracts what sampling alone adds, to first order (as Miller and Madow did
   * for the entropy): (cells - 1)/(2n) + Σ pᵢ(1 - qᵢ)/(2m·qᵢ), which is
   * (cells - 1)/2 · (1/n + 1/m) where nothing has changed. The result can be below 0. Needs
   * counts. `"first-order-known-q"` takes q as known without error, and subtracts (cells - 1)/(2n)
   * only. By default `"none"`.
   */
  readonly biasCorrection?: "none" | "first-order" | "first-order-known-q";
}

/**
 * The Kullback-Leibler divergence D(p ‖ q) = Σ pᵢ · log(pᵢ / qᵢ): how much is lost by taking q for p.
 *
 * Not symmetric; 0 for equal shares; in [0, ∞], `Infinity` where p has a cell that q has not,
 * unless `zeros` says otherwise. Shares that `zeros` has changed are divided by their total once
 * more, so the result stays at least 0.
 *
 * @param p - Counts or probabilities per cell; when one looks for drift, the current data.
 * @param q - The same cells; when one looks for drift, the reference.
 * @throws InvalidArgumentError for lists that are no distributions over the same cells.
 *
 * @example
 * ```ts
 * klDivergence([1, 1], [1, 3]); //=> 0.14384103622589045
 * klDivergence([1, 1], [2, 0]); //=> Infinity
 * ```
 */
export function klDivergence(
  p: ArrayLike<number>,
  q: ArrayLike<number>,
  options: KlDivergenceOptions = {},
): number {
  const { base = Math.E, biasCorrection = "none" } = options;
  if (!(base > 1 && base < Infinity)) {
    throw new InvalidArgumentError(`options.base is ${String(base)}; pass a finite number above 1.`, {
      argument: "options.base",
    });
  }
  const shares = pairShares(p, q, checkZeros(options.zeros ?? "none"));
  const unit = base === Math.E ? 1 : Math.log(base);
  const sum = sumOf(normalized(shares.p), normalized(shares.q));
  if (biasCorrection === "none" || sum === Infinity) return sum / unit;
  checkCounts(p, shares.totalP, "p");
  if (biasCorrection === "first-order") checkCounts(q, shares.totalQ, "q");
  const ownBias = (shares.p.length - 1) / (2 * shares.totalP);
  const otherBias = biasCorrection === "first-order" ? biasOfLogQ(shares.p, shares.q, shares.totalQ) : 0;
  return (sum - ownBias - otherBias) / unit;
}

function sumOf(p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (let cell = 0; cell < p.length; cell += 1) {
    const shareP = p[cell]!;
    const shareQ = q[cell]!;
    // p·ln(p/q) - p + q: each term is at least 0, and the terms added cancel over all cells.
    if (shareP > 0) sum += shareP * logRatio(shareP, shareQ) - shareP + shareQ;
    else sum += shareQ;
  }
  return Math.max(sum, 0);
}

function biasOfLogQ(p: Float64Array, q: Float64Array, m: number): number {
  let bias = 0;
  for (let cell = 0; cell < p.length; cell += 1) {
    if (q[cell]! > 0) bias += (p[cell]! * (1 - q[cell]!)) / (2 * m * q[cell]!);
  }
  return bias;
}

function normalized(shares: Float64Array): Float64Array {
  let total = 0;
  for (const share of shares) total += share;
  return total === 0 ? shares : shares.map((share) => share / total);
}
