import { sum } from "./sum.ts";

export interface Moments {
  readonly size: number;
  readonly mean: number;
  /** With size - 1 in the denominator; NaN for a single value. */
  readonly variance: number;
}

/** Mean and variance in two passes; exactly 0 for the variance of equal values. */
export function moments(values: Float64Array): Moments {
  const size = values.length;
  const first = values[0] ?? 0;
  // Distances from a value of the sample: a constant sample then has no rounding at all.
  const shifted = values.map((value) => value - first);
  const shift = sum(shifted) / size;
  const squares = shifted.map((value) => (value - shift) ** 2);
  const lost = sum(shifted.map((value) => value - shift));
  return { size, mean: first + shift, variance: (sum(squares) - (lost * lost) / size) / (size - 1) };
}
