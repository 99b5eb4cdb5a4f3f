import { checkNumber } from "../arguments/check-number.ts";

/**
 * P(K > x) for Kolmogorov's limit distribution: how often `√n·D` exceeds `x` when the sample is large.
 *
 * Relative error below 1e-14. SciPy: `scipy.stats.kstwobign.sf`.
 *
 * @throws {@link InvalidArgumentError} for NaN.
 */
export function kolmogorovSf(x: number): number {
  checkNumber("x", x);
  return x < switchPoint ? 1 - lowerSeries(x) : upperSeries(x);
}

/**
 * P(K ≤ x) for Kolmogorov's limit distribution. SciPy: `scipy.stats.kstwobign.cdf`.
 *
 * @throws {@link InvalidArgumentError} for NaN.
 */
export function kolmogorovCdf(x: number): number {
  checkNumber("x", x);
  return x < switchPoint ? lowerSeries(x) : 1 - upperSeries(x);
}

/** Both series converge within five terms here. */
const switchPoint = 0.82;

/** `√(2π)/x · Σ exp(-(2k - 1)²π²/(8x²))`. */
function lowerSeries(x: number): number {
  if (x < 0.04) return 0;
  const base = (-Math.PI * Math.PI) / (8 * x * x);
  let sum = 0;
  for (let odd = 9; odd >= 1; odd -= 2) sum += Math.exp(base * odd * odd);
  return (Math.sqrt(2 * Math.PI) / x) * sum;
}

/** `2·Σ (-1)^(k - 1)·exp(-2k²x²)`. */
function upperSeries(x: number): number {
  let sum = 0;
  for (let k = 6; k >= 1; k--) sum = Math.exp(-2 * k * k * x * x) - sum;
  return 2 * sum;
}
