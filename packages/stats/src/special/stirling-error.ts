import { log1pMinusX } from "./log1p-minus-x.ts";

/**
 * What Stirling's formula leaves out of the logarithm of the gamma function, for x > 0:
 * `logΓ(x) - ((x - 1/2)·log x - x + log(2π)/2)`.
 *
 * It is at most 1/(12x), so probabilities built from it keep their digits where differences of
 * large logarithms would lose them. Absolute error of a few times 1e-17 for x of at least 1.
 * Source: DLMF 5.11.1; C. Loader, "Fast and accurate computation of binomial probabilities", 2000.
 */
export function stirlingError(x: number): number {
  let shifted = x;
  let sum = 0;
  // Γ(x + 1) = x·Γ(x) moves small arguments to where the series has converged.
  while (shifted < 10) {
    const inverse = 1 / shifted;
    sum +=
      inverse > 0.6
        ? (shifted + 0.5) * Math.log1p(inverse) - 1
        : (shifted + 0.5) * log1pMinusX(inverse) + 0.5 * inverse;
    shifted += 1;
  }
  const inverse = 1 / shifted;
  const square = inverse * inverse;
  let series = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) series = series * square + (coefficients[i] ?? 0);
  return sum + series * inverse;
}

/** B₂ₖ / (2k(2k - 1)) for k = 1, 2, …; DLMF 5.11.1. */
const coefficients: readonly number[] = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
  43867 / 244188,
];
