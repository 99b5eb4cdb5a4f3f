import { checkChoice } from "../arguments/check-number.ts";
import { copySample, type Sample } from "../arguments/sample.ts";
import { andersonDarlingSf } from "../distributions/anderson-darling.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { sum } from "../numeric/sum.ts";
import { sortFloats } from "../sorting/sort-floats.ts";

export interface AndersonDarlingOptions {
  /**
   * How the empirical distribution function treats ties: `midrank` halfway up each step, `right` at
   * its top. Without ties they differ in the statistic by a little. Default `midrank`.
   */
  readonly variant?: "midrank" | "right" | undefined;
}

export interface AndersonDarlingResult {
  /** The statistic, less its mean, in standard deviations: `(A² - (k - 1)) / σ`. */
  readonly statistic: number;
  /** From 0 to 1, not cut off. */
  readonly pValue: number;
  readonly variant: "midrank" | "right";
}

/**
 * The Anderson-Darling test of k samples.
 *
 * **Hypothesis**: all samples come from one distribution; it looks at the tails more than
 * Kolmogorov-Smirnov does. Infinities are values like others.
 *
 * **p-value**: that of the limit law at the standardised statistic, computed for every value, where
 * Scholz and Stephens (and SciPy) interpolate a table between 0.001 and 0.25. It is an
 * approximation in small samples, good to about 0.01 from 5 values each.
 *
 * SciPy: `scipy.stats.anderson_ksamp`. Source: F. W. Scholz and M. A. Stephens, "K-sample
 * Anderson-Darling tests", JASA 82 (1987), equations 6 (`right`) and 7 (`midrank`).
 *
 * @throws {@link InvalidArgumentError} for fewer than 2 samples, fewer than 4 values in all, an empty
 *   sample, NaN, or values that are all equal.
 */
export function andersonDarlingKSample(
  samples: readonly Sample[],
  options: AndersonDarlingOptions = {},
): AndersonDarlingResult {
  const { variant = "midrank" } = options;
  checkChoice("options.variant", variant, ["midrank", "right"]);
  if (!Array.isArray(samples) || samples.length < 2) {
    throw new InvalidArgumentError("samples has to be an array of at least 2 samples.", {
      argument: "samples",
    });
  }
  const sorted = samples.map((sample: Sample, i) => sortFloats(copySample(`samples[${i}]`, sample)));
  const pooled = sortFloats(Float64Array.from(sorted.flatMap((values) => [...values])));
  const size = pooled.length;
  if (size < 4 || pooled[0] === pooled[size - 1]) {
    throw new InvalidArgumentError(
      `samples have ${size} values${size < 4 ? "" : ", all equal"}; pass at least 4, of which 2 differ.`,
      { argument: "samples" },
    );
  }
  const squared = sum(sorted.map((values) => distance(values, pooled, variant) / values.length));
  const scaled = variant === "midrank" ? ((size - 1) / size) * squared : squared;
  const degreesOfFreedom = samples.length - 1;
  const sizes = sorted.map((values) => values.length);
  const statistic = (scaled - degreesOfFreedom) / Math.sqrt(varianceOf(sizes, size));
  const limitDeviation = Math.sqrt(degreesOfFreedom * 2 * (Math.PI ** 2 / 3 - 3));
  return Object.freeze({
    statistic,
    pValue: andersonDarlingSf(degreesOfFreedom + statistic * limitDeviation, degreesOfFreedom),
    variant,
  });
}

/** The weighted squared distance of one sample's distribution function from the pooled one. */
function distance(values: Float64Array, pooled: Float64Array, variant: "midrank" | "right"): number {
  const size = pooled.length;
  const own = values.length;
  const terms: number[] = [];
  let below = 0;
  for (let start = 0; start < size;) {
    const value = pooled[start];
    let end = start + 1;
    while (end < size && pooled[end] === value) end += 1;
    const first = below;
    while (below < own && values[below] === value) below += 1;
    const ties = end - start;
    const weight = ties / size;
    if (variant === "midrank") {
      const difference = size * (first + (below - first) / 2) - (start + ties / 2) * own;
      const middle = start + ties / 2;
      terms.push((weight * difference * difference) / (middle * (size - middle) - (size * ties) / 4));
    } else if (end < size) {
      const difference = size * below - end * own;
      terms.push((weight * difference * difference) / (end * (size - end)));
    }
    start = end;
  }
  return sum(terms);
}

/** The variance of A² in finite samples: equation 4 of the paper. */
function varianceOf(sizes: readonly number[], size: number): number {
  const k = sizes.length;
  const inverseSizes = sum(sizes.map((n) => 1 / n));
  let harmonic = 0;
  let double = 0;
  for (let i = size - 1; i >= 2; i--) {
    harmonic += 1 / i;
    double += harmonic / (size + 1 - i);
  }
  const h = harmonic + 1;
  const g = double;
  const a = (4 * g - 6) * (k - 1) + (10 - 6 * g) * inverseSizes;
  const b = (2 * g - 4) * k * k + 8 * h * k + (2 * g - 14 * h - 4) * inverseSizes - 8 * h + 4 * g - 6;
  const c = (6 * h + 2 * g - 2) * k * k + (4 * h - 4 * g + 6) * k + (2 * h - 6) * inverseSizes + 4 * h;
  const d = (2 * h + 6) * k * k - 4 * h * k;
  return (((a * size + b) * size + c) * size + d) / ((size - 1) * (size - 2) * (size - 3));
}
