import { checkNumber, checkPositive } from "../arguments/check-number.ts";
import {
  betaTails,
  inverseComplementaryIncompleteBeta,
  inverseIncompleteBeta,
} from "../special/incomplete-beta.ts";

/**
 * P(X ≤ x) for a beta variable with shapes `a`, `b` > 0. SciPy: `scipy.stats.beta.cdf`.
 *
 * @throws {@link InvalidArgumentError} for NaN, or shapes that are not finite and above 0.
 */
export function betaCdf(x: number, a: number, b: number): number {
  check(x, a, b);
  return betaTails(a, b, x, 1 - x).lower;
}

/**
 * P(X > x) for a beta variable, with its digits kept in the tail. SciPy: `scipy.stats.beta.sf`.
 *
 * @throws {@link InvalidArgumentError} for NaN, or shapes that are not finite and above 0.
 */
export function betaSf(x: number, a: number, b: number): number {
  check(x, a, b);
  return betaTails(a, b, x, 1 - x).upper;
}

/**
 * The x with P(X ≤ x) = `probability`. SciPy: `scipy.stats.beta.ppf`.
 *
 * @throws {@link InvalidArgumentError} unless the probability is in [0, 1] and the shapes are finite and above 0.
 */
export function betaQuantile(probability: number, a: number, b: number): number {
  return inverseIncompleteBeta(a, b, probability);
}

/**
 * The x with P(X > x) = `probability`. SciPy: `scipy.stats.beta.isf`.
 *
 * @throws {@link InvalidArgumentError} unless the probability is in [0, 1] and the shapes are finite and above 0.
 */
export function betaUpperQuantile(probability: number, a: number, b: number): number {
  return inverseComplementaryIncompleteBeta(a, b, probability);
}

function check(x: number, a: number, b: number): void {
  checkNumber("x", x);
  checkPositive("a", a);
  checkPositive("b", b);
}
