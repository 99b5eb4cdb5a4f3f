import { checkCount, checkNumber, checkProbability } from "../arguments/check-number.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { gammaTails } from "../special/incomplete-gamma.ts";
import { poissonPower } from "../special/poisson-power.ts";
import { type Tails, tailsFromLower, tailsFromUpper } from "../special/tails.ts";
import { discreteQuantile } from "./discrete-quantile.ts";

/**
 * The probability of exactly `count` events where `mean` are expected. SciPy: `scipy.stats.poisson.pmf`.
 *
 * @throws {@link InvalidArgumentError} unless count is a whole number and mean finite, both of at least 0.
 */
export function poissonPmf(count: number, mean: number): number {
  checkCount("count", count);
  checkMean(mean);
  return count === 0 ? Math.exp(-mean) : poissonPower(count, mean);
}

/**
 * P(X ≤ count). `count` may be any number; the count is its whole part.
 * SciPy: `scipy.stats.poisson.cdf`.
 *
 * @throws {@link InvalidArgumentError} for NaN, or a mean that is not finite and at least 0.
 */
export function poissonCdf(count: number, mean: number): number {
  return tails(count, mean).lower;
}

/**
 * P(X > count), with its digits kept in the tail. SciPy: `scipy.stats.poisson.sf`.
 *
 * @throws {@link InvalidArgumentError} for NaN, or a mean that is not finite and at least 0.
 */
export function poissonSf(count: number, mean: number): number {
  return tails(count, mean).upper;
}

/**
 * The smallest count whose distribution function reaches `level`; Infinity at 1.
 * SciPy: `scipy.stats.poisson.ppf`.
 *
 * @throws {@link InvalidArgumentError} unless level is in [0, 1] and mean finite and at least 0.
 */
export function poissonQuantile(level: number, mean: number): number {
  checkProbability("level", level);
  checkMean(mean);
  if (mean === 0) return 0;
  if (level === 1) return Infinity;
  return discreteQuantile(level, Number.MAX_SAFE_INTEGER, (count) => tails(count, mean));
}

function tails(count: number, mean: number): Tails {
  checkNumber("count", count);
  checkMean(mean);
  const whole = Math.floor(count);
  if (whole < 0) return tailsFromLower(0);
  if (whole === Infinity || mean === 0) return tailsFromUpper(0);
  const { lower, upper } = gammaTails(whole + 1, mean);
  return { lower: upper, upper: lower };
}

function checkMean(mean: number): void {
  if (Number.isFinite(mean) && mean >= 0) return;
  throw new InvalidArgumentError(`mean is ${String(mean)}; pass a finite number of at least 0.`, {
    argument: "mean",
  });
}
