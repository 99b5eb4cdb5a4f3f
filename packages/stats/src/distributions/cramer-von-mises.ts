import { type WeightedChiSquared, weightedChiSquaredSf } from "./weighted-chi-squared.ts";

/**
 * P(W > x) for the limit of the Cramér-von Mises statistic: the sum of squared normal variables with
 * weights 1/(jπ)², j = 1, 2, …; its mean is 1/6, its variance 1/45.
 *
 * Source: T. W. Anderson and D. A. Darling 1952.
 */
export function cramerVonMisesSf(x: number): number {
  const sum: WeightedChiSquared = { logBase, pole: Math.PI ** 2 / 2, degreesOfFreedom: 1 };
  return weightedChiSquaredSf(x, sum);
}

/** `√(2s) / sin √(2s)`, the product of `1/(1 - 2s/(jπ)²)`. */
function logBase(real: number, imaginary: number): { logarithm: number; angle: number } {
  const modulus = Math.hypot(2 * real, 2 * imaginary);
  const a = Math.sqrt((modulus + 2 * real) / 2);
  // The parts of √(2s) multiply to imaginary; real is above 0.
  const b = imaginary / a;
  // sin(a + ib) = sin a · cosh b + i · cos a · sinh b
  const sinReal = Math.sin(a) * Math.cosh(b);
  const sinImaginary = Math.cos(a) * Math.sinh(b);
  return {
    logarithm: Math.log(Math.hypot(a, b) / Math.hypot(sinReal, sinImaginary)),
    angle: Math.atan2(b, a) - Math.atan2(sinImaginary, sinReal),
  };
}
