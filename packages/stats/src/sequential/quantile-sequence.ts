import { checkFiniteValues, checkOpenProbability, type Numbers } from "../arguments/check-sample.ts";
import { checkChoice, checkCount } from "../arguments/check-number.ts";
import type { Bounds } from "../intervals/quantile-interval.ts";
import { bernoulliEValue } from "./bernoulli-sequence.ts";

export interface QuantileSequenceOptions {
  /** The share of values at or below the quantile, above 0 and below 1: 0.95 for p95. */
  readonly probability: number;
  /** How often the bounds may ever miss, above 0 and below 1; 0.05 by default. */
  readonly alpha?: number;
  /** The number of values at which the bounds are tightest; 1,000 by default. Fix it before looking. */
  readonly tightAt?: number;
  /** `both` by default. One bound alone spends all of `alpha` on it, and is tighter. */
  readonly bounds?: Bounds;
}

/** Which sorted values bound a quantile at every look, counted from 1. */
export interface QuantileSequenceRanks {
  /** Undefined where not asked for, or where there are too few values yet. */
  readonly lowerRank: number | undefined;
  /** Undefined where not asked for, or where there are too few values yet. */
  readonly upperRank: number | undefined;
  /** `not-enough-data` where a bound that was asked for does not exist yet. */
  readonly status: "ok" | "not-enough-data";
}

export interface QuantileSequenceInterval extends QuantileSequenceRanks {
  readonly lower: number | undefined;
  readonly upper: number | undefined;
  readonly alpha: number;
}

/**
 * The ranks of the sorted values that bound a quantile at every look: over the whole stream the chance of
 * ever missing is at most `alpha`, for every distribution, also with ties.
 *
 * How many of n values are at most the quantile is a count of successes with chance p. The ranks are
 * those counts s that the beta-binomial mixture does not refute:
 *
 *     B(pr + s, (1 - p)r + n - s) / B(pr, (1 - p)r) / (p^s · (1 - p)^(n - s)) < 1/α
 *
 * (Howard and Ramdas 2022, section 3, with the exact martingale in place of its normal bound), where
 * r = tightAt / (2 ln(1/α) + ln(1 + 2 ln(1/α))), at least 1. One bound alone mixes over the shares on its
 * side of p only, with 2α for α in r. It needs all values sorted; to compare a
 * quantile with a fixed limit in constant memory use {@link bernoulliSequence}.
 */
export function quantileSequenceRanks(
  count: number,
  { probability, alpha = 0.05, tightAt = 1_000, bounds = "both" }: QuantileSequenceOptions,
): QuantileSequenceRanks {
  checkCount("count", count);
  checkOpenProbability("probability", probability);
  checkOpenProbability("alpha", alpha);
  checkCount("tightAt", tightAt, 1);
  checkChoice("bounds", bounds, ["both", "lower", "upper"]);
  const logInverse = -Math.log(bounds === "both" ? alpha : Math.min(2 * alpha, 1));
  const strength = Math.max(tightAt / (2 * logInverse + Math.log1p(2 * logInverse)), 1);
  const prior = { successes: probability * strength, failures: (1 - probability) * strength };
  // Too few values at most q speak for a share below p, too many for one above.
  const side = bounds === "both" ? "both" : bounds === "lower" ? "upper" : "lower";
  const isRefuted = (successes: number): boolean =>
    bernoulliEValue({ successes, trials: count }, { share: probability, prior, bounds: side }) >= 1 / alpha;
  // The evidence is convex in the count and lowest near its mean: search to either side.
  const centre = Math.min(Math.round(probability * count), count);
  const fewest = edge(centre, 0, isRefuted);
  const most = edge(centre, count, isRefuted);
  const lowerRank = bounds === "upper" || fewest < 1 ? undefined : fewest;
  const upperRank = bounds === "lower" || most >= count ? undefined : most + 1;
  const isMissing =
    (bounds !== "upper" && lowerRank === undefined) || (bounds !== "lower" && upperRank === undefined);
  return { lowerRank, upperRank, status: isMissing ? "not-enough-data" : "ok" };
}

/** The bounds themselves, of a sample that is all there. See {@link quantileSequenceRanks}. *
 * @example
 * const values = Array.from({ length: 1000 }, (_, index) => index + 1);
 * quantileSequence(values, { probability: 0.95 }); // lower 928, upper 970
 */
export function quantileSequence(
  sample: Numbers,
  options: QuantileSequenceOptions,
): QuantileSequenceInterval {
  checkFiniteValues("sample", sample);
  const ranks = quantileSequenceRanks(sample.length, options);
  const sorted = Float64Array.from(sample).sort();
  return {
    ...ranks,
    lower: ranks.lowerRank === undefined ? undefined : sorted[ranks.lowerRank - 1],
    upper: ranks.upperRank === undefined ? undefined : sorted[ranks.upperRank - 1],
    alpha: options.alpha ?? 0.05,
  };
}

/** The count farthest from `inside` towards `end` that is not refuted. */
function edge(inside: number, end: number, isRefuted: (count: number) => boolean): number {
  if (!isRefuted(end)) return end;
  let kept = inside;
  let refuted = end;
  while (Math.abs(refuted - kept) > 1) {
    const middle = Math.trunc((kept + refuted) / 2);
    if (isRefuted(middle)) refuted = middle;
    else kept = middle;
  }
  return kept;
}
