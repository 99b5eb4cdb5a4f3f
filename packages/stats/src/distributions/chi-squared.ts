import { checkNumber, checkPositive, checkProbability } from "../arguments/check-number.ts";
import {
  gammaTails,
  inverseRegularizedLowerGamma,
  inverseRegularizedUpperGamma,
} from "../special/incomplete-gamma.ts";

/**
 * P(X ≤ x) for a chi-squared X with `degreesOfFreedom` > 0. SciPy: `scipy.stats.chi2.cdf`.
 *
 * @throws {@link InvalidArgumentError} for NaN, or degrees of freedom that are not finite and above 0.
 */
export function chiSquaredCdf(x: number, degreesOfFreedom: number): number {
  return tails(x, degreesOfFreedom).lower;
}

/**
 * P(X > x) for a chi-squared X, with its digits kept in the tail. SciPy: `scipy.stats.chi2.sf`.
 *
 * @throws {@link InvalidArgumentError} for NaN, or degrees of freedom that are not finite and above 0.
 */
export function chiSquaredSf(x: number, degreesOfFreedom: number): number {
  return tails(x, degreesOfFreedom).upper;
}

/**
 * The x with P(X ≤ x) = `probability`. SciPy: `scipy.stats.chi2.ppf`.
 *
 * @throws {@link InvalidArgumentError} unless the probability is in [0, 1] and the degrees of freedom are finite and above 0.
 */
export function chiSquaredQuantile(probability: number, degreesOfFreedom: number): number {
  checkPositive("degreesOfFreedom", degreesOfFreedom);
  checkProbability("probability", probability);
  return 2 * inverseRegularizedLowerGamma(degreesOfFreedom / 2, probability);
}

/**
 * The x with P(X > x) = `probability`: a critical value without rounding `1 - probability`.
 * SciPy: `scipy.stats.chi2.isf`.
 *
 * @throws {@link InvalidArgumentError} unless the probability is in [0, 1] and the degrees of freedom are finite and above 0.
 */
export function chiSquaredUpperQuantile(probability: number, degreesOfFreedom: number): number {
  checkPositive("degreesOfFreedom", degreesOfFreedom);
  checkProbability("probability", probability);
  return 2 * inverseRegularizedUpperGamma(degreesOfFreedom / 2, probability);
}

function tails(x: number, degreesOfFreedom: number): { readonly lower: number; readonly upper: number } {
  checkNumber("x", x);
  checkPositive("degreesOfFreedom", degreesOfFreedom);
  return gammaTails(degreesOfFreedom / 2, Math.max(x, 0) / 2);
}
