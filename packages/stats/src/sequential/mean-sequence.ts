import { checkCount, checkFinite, checkPositive } from "../arguments/check-number.ts";
import { normalMixtureBound } from "./normal-mixture.ts";
import type { ConfidenceSequenceInterval } from "./sequence-interval.ts";

/** What is known of a stream of values: `Moments` has it under the same names. */
export interface SampleSummary {
  readonly count: number;
  readonly mean: number;
  /** The unbiased sample variance. */
  readonly variance: number;
}

export interface MeanSequenceOptions {
  /** How often the interval may ever miss, above 0 and below 1; 0.05 by default. */
  readonly alpha?: number;
  /** The number of values at which the interval is tightest; 1,000 by default. Fix it before looking. */
  readonly tightAt?: number;
}

/**
 * An interval for the mean that holds at every look: the chance that it ever misses is at most `alpha`.
 * For values known to be sub-Gaussian, such as ones within [a, b], whose `deviation` is (b - a) / 2.
 * Exact from the first value on.
 *
 * @example
 * subGaussianMeanSequence({ count: 1000, mean: 0.3 }, { deviation: 0.5 }); // 0.25200… to 0.34799…
 */
export function subGaussianMeanSequence(
  { count, mean }: { readonly count: number; readonly mean: number },
  { deviation, alpha = 0.05, tightAt = 1_000 }: MeanSequenceOptions & { readonly deviation: number },
): ConfidenceSequenceInterval {
  checkCount("summary.count", count, 1);
  checkFinite("summary.mean", mean);
  checkPositive("deviation", deviation);
  const margin = (deviation / count) * normalMixtureBound(count, { alpha, tightAt });
  return { estimate: mean, lower: mean - margin, upper: mean + margin, alpha };
}

/**
 * An interval for the mean of any stream with a finite variance, to be looked at as often as one likes
 * (asymptotic confidence sequence: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024, theorem 2.2):
 *
 *     mean ± s · √(2 (nρ² + 1) / (n²ρ²) · ln(√(nρ² + 1) / α))
 *
 * which is {@link normalMixtureBound} with the sample's deviation s in place of the true one. Its error
 * rate is `alpha` in the limit of looks that begin late: begin at about 100 values, later for very skewed
 * ones. As long as all values are the same the interval is everything: a spread of 0 is one not seen yet. For
 * values in a known range {@link EmpiricalBernsteinSequence} holds from the first value on.
 *
 * @throws {@link InvalidArgumentError} for fewer than two values.
 *
 * @example
 * asymptoticMeanSequence({ count: 1000, mean: 120, variance: 900 }); // 117.12054… to 122.87945…
 */
export function asymptoticMeanSequence(
  { count, mean, variance }: SampleSummary,
  { alpha = 0.05, tightAt = 1_000 }: MeanSequenceOptions = {},
): ConfidenceSequenceInterval {
  checkSummary("summary", { count, mean, variance });
  const scale = variance === 0 ? Infinity : Math.sqrt(variance) / count;
  const margin = scale * normalMixtureBound(count, { alpha, tightAt });
  return { estimate: mean, lower: mean - margin, upper: mean + margin, alpha };
}

/**
 * The same for the first mean less the second, of two independent streams, such as the latencies of two
 * versions. `tightAt` counts the values of both. It is everything as long as all values of an arm are the same.
 *
 * Compare versions over the same time: a difference of means pooled over a ramp of traffic mistakes a
 * change over time for a difference of versions.
 *
 * @example
 * const canary = { count: 500, mean: 130, variance: 900 };
 * const stable = { count: 5000, mean: 120, variance: 900 };
 * asymptoticDifferenceSequence(canary, stable); // estimate 10, lower 5.54703…, upper 14.45296…
 */
export function asymptoticDifferenceSequence(
  first: SampleSummary,
  second: SampleSummary,
  { alpha = 0.05, tightAt = 1_000 }: MeanSequenceOptions = {},
): ConfidenceSequenceInterval {
  checkSummary("first", first);
  checkSummary("second", second);
  const count = first.count + second.count;
  const estimate = first.mean - second.mean;
  // The deviation that one of `count` values would have to make the same standard error.
  const isKnown = first.variance > 0 && second.variance > 0;
  const deviation = isKnown
    ? Math.sqrt(count * (first.variance / first.count + second.variance / second.count))
    : Infinity;
  const margin = (deviation / count) * normalMixtureBound(count, { alpha, tightAt });
  return { estimate, lower: estimate - margin, upper: estimate + margin, alpha };
}

function checkSummary(argument: string, { count, mean, variance }: SampleSummary): void {
  checkCount(`${argument}.count`, count, 2);
  checkFinite(`${argument}.mean`, mean);
  if (variance !== 0) checkPositive(`${argument}.variance`, variance);
}
