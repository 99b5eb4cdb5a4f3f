/** A mean that takes one value at a time, in the order of operations that River's `stats.Mean` has. */
export interface RunningMean {
  count: number;
  mean: number;
}

export function addToMean(running: RunningMean, value: number): void {
  running.count += 1;
  running.mean += (1 / running.count) * (value - running.mean);
}

/** A mean with the sum of squared deviations from it, as River's `stats.Var`. */
export interface RunningVariance extends RunningMean {
  squares: number;
}

export function addToVariance(running: RunningVariance, value: number): void {
  const before = running.mean;
  addToMean(running, value);
  running.squares += (value - before) * (value - running.mean);
}

/** With n - 1 in the denominator; 0 below two values. */
export function sampleVariance({ count, squares }: RunningVariance): number {
  return count > 1 ? squares / (count - 1) : 0;
}
