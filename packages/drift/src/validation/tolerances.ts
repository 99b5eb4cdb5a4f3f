import { betaQuantile, binomialInterval } from "@mlops/stats";

/**
 * The share that is surely not exceeded: with `failures` of `trials`, the true share is above it with
 * a probability of at most `level` (Clopper and Pearson 1934, one-sided).
 */
export function upperShare(failures: number, trials: number, level: number): number {
  if (trials === 0) return 1;
  return binomialInterval(
    { successes: failures, trials },
    { confidence: 1 - 2 * level, method: "clopper-pearson" },
  ).upper;
}

/**
 * A share of future values that lies between the smallest and the largest of `count` values with a
 * probability of at least 1 - `level`, whatever their distribution: the share is Beta(count - 1, 2)
 * distributed for a continuous one, and larger where values repeat (Wilks 1941).
 */
export function coverageOfExtremes(count: number, level: number): number {
  return count < 2 ? 0 : betaQuantile(level, count - 1, 2);
}

/**
 * Whether so many failures say that less than the share `mostly` passes: true with a probability
 * of at most `level` where it does pass. Any failure does where all values have to pass.
 */
export function isBelowShare(failures: number, trials: number, mostly: number, level: number): boolean {
  if (failures === 0 || mostly === 0) return false;
  return mostly === 1 || 1 - lowerShare(failures, trials, level) < mostly;
}

/** The share that is surely reached, likewise. */
function lowerShare(failures: number, trials: number, level: number): number {
  return binomialInterval(
    { successes: failures, trials },
    { confidence: 1 - 2 * level, method: "clopper-pearson" },
  ).lower;
}
