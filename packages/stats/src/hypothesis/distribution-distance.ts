import { copySample, type Sample } from "../arguments/sample.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { sum } from "../numeric/sum.ts";
import { sortFloats } from "../sorting/sort-floats.ts";

export interface WeightOptions {
  /** One weight of at least 0 for each value of the first sample; only their proportions count. Default: all the same. */
  readonly firstWeights?: Sample | undefined;
  readonly secondWeights?: Sample | undefined;
}

/**
 * The Wasserstein distance of order 1, also earth mover's distance: `∫ |F₁ - F₂|`, how far the mass of
 * one sample has to move to become the other. It has the unit of the values.
 *
 * SciPy: `scipy.stats.wasserstein_distance`. Source: A. Ramdas, N. Garcia and M. Cuturi 2015.
 *
 * @example
 * ```ts
 * wassersteinDistance([0, 1, 3], [5, 6, 8]); // 5
 * ```
 *
 * @throws {@link InvalidArgumentError} for an empty sample, NaN or infinities, weights that are
 *   negative, not one for each value, or all 0.
 */
export function wassersteinDistance(first: Sample, second: Sample, options: WeightOptions = {}): number {
  return integrate(first, second, options, Math.abs);
}

/**
 * The energy distance `√(2E|X - Y| - E|X - X′| - E|Y - Y′|)`, which is `√(2·∫ (F₁ - F₂)²)`.
 *
 * SciPy: `scipy.stats.energy_distance`. Source: G. J. Székely and M. L. Rizzo 2013.
 *
 * @throws {@link InvalidArgumentError} as {@link wassersteinDistance}.
 */
export function energyDistance(first: Sample, second: Sample, options: WeightOptions = {}): number {
  return Math.sqrt(2 * integrate(first, second, options, (difference) => difference * difference));
}

/**
 * The two-sample energy statistic `nm/(n + m)·(2E|X - Y| - E|X - X′| - E|Y - Y′|)`, whose law under
 * the hypothesis of one distribution depends on that distribution: its p-value takes a permutation
 * test.
 *
 * R: `energy::eqdist.e`. Source: G. J. Székely and M. L. Rizzo 2004.
 *
 * @throws {@link InvalidArgumentError} for an empty sample, NaN or infinities.
 */
export function energyStatistic(first: Sample, second: Sample): number {
  const distance = integrate(first, second, {}, (difference) => difference * difference);
  return (first.length / (first.length + second.length)) * second.length * 2 * distance;
}

/** The integral of a function of the difference of the two distribution functions. */
function integrate(
  first: Sample,
  second: Sample,
  { firstWeights, secondWeights }: WeightOptions,
  of: (difference: number) => number,
): number {
  const x = steps("first", first, firstWeights);
  const y = steps("second", second, secondWeights);
  let total = 0;
  let lost = 0;
  let i = 0;
  let j = 0;
  let previous = Math.min(x.values[0] ?? 0, y.values[0] ?? 0);
  while (i < x.values.length || j < y.values.length) {
    const left = x.values[i] ?? Infinity;
    const right = y.values[j] ?? Infinity;
    const value = left < right ? left : right;
    // Kahan's sum: the terms are all at least 0.
    const term = of(x.heights(i) - y.heights(j)) * (value - previous) - lost;
    const next = total + term;
    lost = next - total - term;
    total = next;
    previous = value;
    if (left <= right) i += 1;
    if (right <= left) j += 1;
  }
  return total;
}

interface Steps {
  readonly values: Float64Array;
  /** The distribution function after so many values. */
  readonly heights: (count: number) => number;
}

function steps(argument: string, sample: Sample, weights: Sample | undefined): Steps {
  const values = copySample(argument, sample, { finite: true });
  if (weights === undefined) {
    const size = values.length;
    return { values: sortFloats(values), heights: (count) => count / size };
  }
  const name = `options.${argument}Weights`;
  const masses = copySample(name, weights, { finite: true });
  if (masses.length !== values.length) {
    throw new InvalidArgumentError(
      `${name} has ${masses.length} weights for ${values.length} values; pass one for each.`,
      { argument: name },
    );
  }
  masses.forEach((mass, i) => {
    if (mass >= 0) return;
    throw new InvalidArgumentError(`${name}[${i}] is ${mass}; pass weights of at least 0.`, {
      argument: `${name}[${i}]`,
    });
  });
  const total = sum(masses);
  if (!(total > 0 && total < Infinity)) {
    throw new InvalidArgumentError(`${name} adds up to ${total}; pass weights with a finite sum above 0.`, {
      argument: name,
    });
  }
  const order = Uint32Array.from(values, (_, i) => i).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const heights = new Float64Array(order.length + 1);
  for (let k = 0; k < order.length; k++) heights[k + 1] = (heights[k] ?? 0) + (masses[order[k] ?? 0] ?? 0);
  const last = heights[order.length] ?? total;
  return {
    values: Float64Array.from(order, (i) => values[i] ?? 0),
    heights: (count) => (heights[count] ?? 0) / last,
  };
}
