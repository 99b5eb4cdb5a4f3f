import { checkOpenProbability } from "../arguments/check-sample.ts";
import { checkPositive } from "../arguments/check-number.ts";
import { normalLogSf } from "../distributions/normal.ts";
import { bisect } from "../numeric/bisect.ts";

export interface NormalMixtureOptions {
  /** How often the bound may ever be crossed, above 0 and below 1; 0.05 by default. */
  readonly alpha?: number;
  /** The variance at which the bound is tightest: number of values times their variance. Above 0. */
  readonly tightAt: number;
  /** `one` bounds a sum from above, `two` its absolute value; `two` by default. */
  readonly sides?: "one" | "two";
}

/**
 * A bound that a sum of centred values ever crosses with probability at most `alpha`, however often one
 * looks (Robbins 1970; Howard, Ramdas, McAuliffe and Sekhon 2021, section 3.2).
 *
 * With v the sum's variance so far and ρ from {@link normalMixtureRho}, two-sided:
 *
 *     √((v + ρ) · (ln((v + ρ) / ρ) + 2 · ln(1 / α)))
 *
 * Exact for sub-Gaussian values (normal; or in [a, b] with variance (b - a)² / 4); for others it holds as
 * n grows, see {@link asymptoticMeanSequence}. Agrees with `confseq`.
 *
 * @param variance The variance of the sum so far, at least 0.
 *
 * @example
 * normalMixtureBound(100, { tightAt: 100 }); // 30.35208…
 */
export function normalMixtureBound(
  variance: number,
  { alpha = 0.05, tightAt, sides = "two" }: NormalMixtureOptions,
): number {
  checkOpenProbability("alpha", alpha);
  const rho = normalMixtureRho({ alpha, tightAt, sides });
  if (sides === "two") {
    return Math.sqrt((variance + rho) * (Math.log((variance + rho) / rho) - 2 * Math.log(alpha)));
  }
  const isBelow = (sum: number): boolean =>
    normalMixtureLogEValue(sum, variance, { rho, sides }) < -Math.log(alpha);
  // The two-sided bound is beyond the one-sided one, which lets the sum fall freely.
  const beyond = Math.sqrt((variance + rho) * (Math.log((variance + rho) / rho) - 2 * Math.log(alpha)));
  return bisect(isBelow, 0, beyond);
}

/**
 * The ρ of the mixture whose bound is tightest at a variance of `tightAt`:
 * tightAt / (2 ln(1/α) + ln(1 + 2 ln(1/α))), with 2α in place of α for one side.
 */
export function normalMixtureRho({ alpha = 0.05, tightAt, sides = "two" }: NormalMixtureOptions): number {
  checkPositive("tightAt", tightAt);
  checkOpenProbability("alpha", alpha);
  const logInverse = -Math.log(sides === "two" ? alpha : Math.min(2 * alpha, 1));
  return tightAt / (2 * logInverse + Math.log1p(2 * logInverse));
}

/**
 * The logarithm of the mixture's evidence that a sum is not centred: an e-process, whose mean stays at
 * or below 1 when the values are centred.
 *
 * @param variance The variance of the sum so far.
 */
export function normalMixtureLogEValue(
  sum: number,
  variance: number,
  { rho, sides = "two" }: { readonly rho: number; readonly sides?: "one" | "two" },
): number {
  checkPositive("rho", rho);
  const total = variance + rho;
  const symmetric = 0.5 * Math.log(rho / total) + (sum * sum) / (2 * total);
  // The one-sided mixture puts all its weight on positive means: twice the upper half.
  return sides === "two" ? symmetric : symmetric + Math.LN2 + normalLogSf(-sum / Math.sqrt(total));
}
