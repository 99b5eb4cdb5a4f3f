import { checkNumber, checkPositive, checkProbability } from "../arguments/check-number.ts";
import { betaQuantileAt, betaTails } from "../special/incomplete-beta.ts";
import { type Tails, tailsFromLower, tailsFromUpper } from "../special/tails.ts";

/**
 * P(X ≤ x) for Fisher's F, the ratio of two mean squares with `numerator` and `denominator` degrees
 * of freedom. SciPy: `scipy.stats.f.cdf`.
 *
 * @throws {@link InvalidArgumentError} for NaN, or degrees of freedom that are not finite and above 0.
 */
export function fCdf(x: number, numerator: number, denominator: number): number {
  return tails(x, numerator, denominator).lower;
}

/**
 * P(X > x) for Fisher's F, with its digits kept in the tail. SciPy: `scipy.stats.f.sf`.
 *
 * @throws {@link InvalidArgumentError} for NaN, or degrees of freedom that are not finite and above 0.
 */
export function fSf(x: number, numerator: number, denominator: number): number {
  return tails(x, numerator, denominator).upper;
}

/**
 * The x with P(X ≤ x) = `probability`. SciPy: `scipy.stats.f.ppf`.
 *
 * @throws {@link InvalidArgumentError} unless the probability is in [0, 1] and the degrees of freedom are finite and above 0.
 */
export function fQuantile(probability: number, numerator: number, denominator: number): number {
  checkProbability("probability", probability);
  checkPositive("numerator", numerator);
  checkPositive("denominator", denominator);
  if (probability === 1) return Infinity;
  const { x, y } = betaQuantileAt(numerator / 2, denominator / 2, tailsFromLower(probability));
  return (denominator * x) / (numerator * y);
}

function tails(x: number, numerator: number, denominator: number): Tails {
  checkNumber("x", x);
  checkPositive("numerator", numerator);
  checkPositive("denominator", denominator);
  if (x <= 0) return tailsFromLower(0);
  const ratio = (numerator / denominator) * x;
  if (ratio === Infinity) return tailsFromUpper(0);
  return betaTails(numerator / 2, denominator / 2, ratio / (1 + ratio), 1 / (1 + ratio));
}
