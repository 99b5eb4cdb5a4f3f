import { checkPositive } from "../arguments/check-number.ts";
import { copySample, type Sample } from "../arguments/sample.ts";
import { chiSquaredSf } from "../distributions/chi-squared.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { symmetricEigen } from "../numeric/symmetric-eigen.ts";
import { sum } from "../numeric/sum.ts";
import { sortFloats } from "../sorting/sort-floats.ts";

export interface EppsSingletonOptions {
  /** Where the characteristic functions are compared, in units of half the interquartile range. Default [0.4, 0.8]. */
  readonly points?: readonly number[] | undefined;
}

export interface EppsSingletonResult {
  readonly statistic: number;
  readonly pValue: number;
  /** The rank of the covariance: twice the number of points, or less for very discrete samples. */
  readonly degreesOfFreedom: number;
}

/**
 * The Epps-Singleton test: do the empirical characteristic functions agree?
 *
 * **Hypothesis**: both samples come from one distribution, which may be discrete. **p-value**: the
 * chi-squared limit, with the paper's correction where the larger sample has fewer than 25 values.
 *
 * **Limits**: the statistic inverts a covariance; where that is nearly singular, it is exact to the
 * covariance's condition number times 1e-16.
 *
 * SciPy: `scipy.stats.epps_singleton_2samp`. Source: T. W. Epps and K. J. Singleton 1986; S. J. Goerg
 * and J. Kaiser 2009.
 *
 * @throws {@link InvalidArgumentError} for fewer than 5 values, NaN or infinities, points that are
 *   not above 0, or an interquartile range of 0.
 */
export function eppsSingleton(
  first: Sample,
  second: Sample,
  options: EppsSingletonOptions = {},
): EppsSingletonResult {
  const { points = [0.4, 0.8] } = options;
  if (!Array.isArray(points) || points.length === 0) {
    throw new InvalidArgumentError("options.points has to be an array of numbers above 0.", {
      argument: "options.points",
    });
  }
  points.forEach((point: number, i) => checkPositive(`options.points[${i}]`, point));
  const x = copySample("first", first, { minimumSize: 5, finite: true });
  const y = copySample("second", second, { minimumSize: 5, finite: true });
  const scale = interquartileRange(x, y) / 2;
  if (!(scale > 0)) {
    throw new InvalidArgumentError(
      "first and second together have an interquartile range of 0: half of all values are equal; compare them as categories instead.",
      { argument: "first" },
    );
  }
  const scaledPoints = points.map((point: number) => point / scale);
  const a = characteristic(x, scaledPoints);
  const b = characteristic(y, scaledPoints);
  const n = x.length;
  const m = y.length;
  const total = n + m;
  const covariance = a.covariance.map((row, i) =>
    row.map((value, j) => (total / n) * value + (total / m) * (b.covariance[i]?.[j] ?? 0)),
  );
  const difference = a.means.map((mean, i) => mean - (b.means[i] ?? 0));
  const { quadraticForm, rank } = pseudoInverseForm(covariance, difference);
  if (rank === 0) {
    throw new InvalidArgumentError("first and second do not vary at options.points; pass smaller points.", {
      argument: "options.points",
    });
  }
  const small = Math.max(n, m) < 25;
  const correction = small ? 1 / (1 + total ** -0.45 + 10.1 * (n ** -1.7 + m ** -1.7)) : 1;
  const statistic = total * quadraticForm * correction;
  return Object.freeze({
    statistic,
    pValue: chiSquaredSf(statistic, rank),
    degreesOfFreedom: rank,
  });
}

interface Characteristic {
  readonly means: readonly number[];
  readonly covariance: readonly (readonly number[])[];
}

/** Means and covariance (with n in the denominator) of the cosines and sines. */
function characteristic(values: Float64Array, points: readonly number[]): Characteristic {
  const waves = [
    ...points.map((point) => values.map((value) => Math.cos(point * value))),
    ...points.map((point) => values.map((value) => Math.sin(point * value))),
  ];
  const means = waves.map((wave) => sum(wave) / wave.length);
  const centred = waves.map((wave, i) => wave.map((value) => value - (means[i] ?? 0)));
  const covariance = centred.map((left) =>
    centred.map((right) => sum(left.map((value, k) => value * (right[k] ?? 0))) / left.length),
  );
  return { means, covariance };
}

/** `vᵀ·M⁺·v` and the rank of M, with what is below rounding taken for 0. */
function pseudoInverseForm(
  matrix: readonly (readonly number[])[],
  vector: readonly number[],
): { readonly quadraticForm: number; readonly rank: number } {
  const { values, vectors } = symmetricEigen(matrix);
  const threshold = Math.max(...values) * matrix.length * Number.EPSILON;
  let quadraticForm = 0;
  let rank = 0;
  values.forEach((value, k) => {
    if (!(value > threshold)) return;
    const part = sum(vector.map((component, i) => component * (vectors[k]?.[i] ?? 0)));
    quadraticForm += (part * part) / value;
    rank += 1;
  });
  return { quadraticForm, rank };
}

/** Of both samples together, with linear interpolation between order statistics. */
function interquartileRange(x: Float64Array, y: Float64Array): number {
  const pooled = new Float64Array(x.length + y.length);
  pooled.set(x);
  pooled.set(y, x.length);
  sortFloats(pooled);
  const quantile = (level: number) => {
    const place = level * (pooled.length - 1);
    const below = pooled[Math.floor(place)] ?? 0;
    const above = pooled[Math.ceil(place)] ?? 0;
    return below + (above - below) * (place - Math.floor(place));
  };
  return quantile(0.75) - quantile(0.25);
}
