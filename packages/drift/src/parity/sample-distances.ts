import { chiSquaredSf } from "@mlops/stats";

/** The standard deviation with division by n, as `numpy.std`. */
export function standardDeviation(values: ArrayLike<number>): number {
  let mean = 0;
  for (let index = 0; index < values.length; index += 1) mean += values[index]! / values.length;
  let squares = 0;
  for (let index = 0; index < values.length; index += 1) squares += (values[index]! - mean) ** 2;
  return Math.sqrt(squares / values.length);
}

/**
 * χ² of the current counts against the reference's shares **as if those were known without error**, as
 * `scipy.stats.chisquare` gives it. 0 where a category is new: the statistic is then infinite.
 */
export function chiSquareGoodnessOfFit(reference: Float64Array, current: Float64Array): number {
  const n = reference.reduce((sum, count) => sum + count, 0);
  const m = current.reduce((sum, count) => sum + count, 0);
  let statistic = 0;
  for (let cell = 0; cell < reference.length; cell += 1) {
    const expected = (reference[cell]! * m) / n;
    if (expected === 0) return 0;
    statistic += (current[cell]! - expected) ** 2 / expected;
  }
  return reference.length < 2 ? 1 : chiSquaredSf(statistic, reference.length - 1);
}
