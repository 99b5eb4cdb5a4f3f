import { type WeightedChiSquared, weightedChiSquaredSf } from "./weighted-chi-squared.ts";

/**
 * P(A > x) for the limit of the Anderson-Darling statistic: the sum of chi-squared variables with
 * `degreesOfFreedom` and weights 1/(j(j + 1)), j = 1, 2, …; its mean is `degreesOfFreedom`, its
 * variance `degreesOfFreedom·2(π²/3 - 3)`.
 *
 * Source: T. W. Anderson and D. A. Darling 1952; F. W. Scholz and M. A. Stephens 1987.
 */
export function andersonDarlingSf(x: number, degreesOfFreedom: number): number {
  const sum: WeightedChiSquared = { logBase, pole: 1, degreesOfFreedom };
  return weightedChiSquaredSf(x, sum);
}

/** `-2πs / cos(π/2·√(1 + 8s))`, the product of `1/(1 - 2s/(j(j + 1)))`. */
function logBase(real: number, imaginary: number): { logarithm: number; angle: number } {
  const modulus = Math.hypot(1 + 8 * real, 8 * imaginary);
  // √(1 + 8s), whose parts multiply to 4·imaginary; real is above 0.
  const root = Math.sqrt((modulus + 1 + 8 * real) / 2);
  const a = (Math.PI / 2) * root;
  const b = (Math.PI / 2) * ((4 * imaginary) / root);
  // cos(a + ib) = cos a · cosh b - i · sin a · sinh b
  const cosReal = Math.cos(a) * Math.cosh(b);
  const cosImaginary = -Math.sin(a) * Math.sinh(b);
  return {
    logarithm: Math.log((2 * Math.PI * Math.hypot(real, imaginary)) / Math.hypot(cosReal, cosImaginary)),
    angle: Math.atan2(imaginary, real) - Math.atan2(-cosImaginary, -cosReal),
  };
}
