import { checkChoice, checkCount } from "../arguments/check-number.ts";
import { checkFiniteValues, checkOpenProbability, type Numbers } from "../arguments/check-sample.ts";
import { binomialCdf, binomialSf } from "../distributions/binomial.ts";
import { percentileRank } from "./percentile.ts";

/** Which bounds are wanted. One bound alone needs fewer values than both. */
export type Bounds = "both" | "lower" | "upper";

export interface QuantileRanksOptions {
  /** The share of values at or below the quantile, above 0 and below 1: 0.95 for p95. */
  readonly probability: number;
  /** Above 0 and below 1; 0.95 by default. */
  readonly confidence?: number;
  /** `both` by default, each missed at most half of 1 - confidence of the time. */
  readonly bounds?: Bounds;
}

/** Which sorted values bound a quantile, counted from 1. */
export interface QuantileRanks {
  /** Undefined where not asked for, or where even the smallest value is not sure enough to be below. */
  readonly lowerRank: number | undefined;
  /** Undefined where not asked for, or where even the largest value is not sure enough to be above. */
  readonly upperRank: number | undefined;
  /** `not-enough-data` where a bound that was asked for does not exist. */
  readonly status: "ok" | "not-enough-data";
  /** How many values the bounds asked for need. */
  readonly countNeeded: number;
}

export interface QuantileInterval extends QuantileRanks {
  /** The sample's quantile by the nearest-rank rule. */
  readonly estimate: number;
  /** Undefined as `lowerRank` is: never an invented number. */
  readonly lower: number | undefined;
  readonly upper: number | undefined;
  readonly probability: number;
  readonly confidence: number;
  readonly count: number;
}

/**
 * An interval for a quantile, such as p95 latency, whatever the distribution: two of the sample's own
 * values, chosen by exact binomial probabilities (David and Nagaraja, "Order Statistics", section 7.1).
 *
 * With n values, each at most the quantile with chance p, the number that are is binomial B(n, p):
 * - lower = the r-th smallest with the largest r such that P(B <= r - 1) <= α / 2;
 * - upper = the s-th smallest with the smallest s such that P(B >= s) <= α / 2;
 *
 * and α in place of α / 2 for one bound alone. Coverage is at least `confidence` for every distribution,
 * also with ties. p95 with both bounds at 0.95 needs 72 values; below that the upper bound does not exist
 * and the result says `not-enough-data`.
 *
 * For one look at independent values; to watch a quantile use {@link quantileSequenceRanks}.
 *
 * @throws {@link InvalidArgumentError} for an empty sample or values that are not finite.
 *
 * @example
 * const values = Array.from({ length: 100 }, (_, index) => index + 1);
 * quantileInterval(values, { probability: 0.9 }); // estimate 90, lower 84, upper 96
 */
export function quantileInterval(sample: Numbers, options: QuantileRanksOptions): QuantileInterval {
  checkFiniteValues("sample", sample);
  const { probability, confidence = 0.95 } = options;
  const ranks = quantileRanks(sample.length, options);
  const sorted = Float64Array.from(sample).sort();
  const at = (rank: number | undefined): number | undefined =>
    rank === undefined ? undefined : sorted[rank - 1];
  return {
    ...ranks,
    estimate: at(percentileRank(percentOf(probability), sample.length)) ?? Number.NaN,
    lower: at(ranks.lowerRank),
    upper: at(ranks.upperRank),
    probability,
    confidence,
    count: sample.length,
  };
}

/** The ranks of {@link quantileInterval} for `count` values, which need not be at hand. */
export function quantileRanks(
  count: number,
  { probability, confidence = 0.95, bounds = "both" }: QuantileRanksOptions,
): QuantileRanks {
  checkCount("count", count);
  checkOpenProbability("probability", probability);
  checkOpenProbability("confidence", confidence);
  checkChoice("bounds", bounds, ["both", "lower", "upper"]);
  const tail = bounds === "both" ? (1 - confidence) / 2 : 1 - confidence;
  const lower = largest(count, (rank) => binomialCdf(rank - 1, count, probability) <= tail);
  // P(B >= s) falls with s: the ranks that are not sure enough come first.
  const unsure = largest(count, (rank) => binomialSf(rank - 1, count, probability) > tail);
  const lowerRank = bounds !== "upper" && lower >= 1 ? lower : undefined;
  const upperRank = bounds !== "lower" && unsure < count ? unsure + 1 : undefined;
  const isMissing =
    (bounds !== "upper" && lowerRank === undefined) || (bounds !== "lower" && upperRank === undefined);
  // The lower bound needs (1 - p)^n <= tail, the upper one p^n <= tail.
  const needed = (share: number): number => Math.ceil(Math.log(tail) / Math.log(share) - 1e-9);
  const countNeeded = Math.max(
    bounds === "upper" ? 0 : needed(1 - probability),
    bounds === "lower" ? 0 : needed(probability),
  );
  return { lowerRank, upperRank, status: isMissing ? "not-enough-data" : "ok", countNeeded };
}

/** The largest rank from 1 to `count` for which a condition holds that holds up to some rank; 0 for none. */
function largest(count: number, holds: (rank: number) => boolean): number {
  let yes = 0;
  let no = count + 1;
  while (no - yes > 1) {
    const middle = Math.floor((yes + no) / 2);
    if (holds(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}

/** 0.999 as 99.9: by its decimal digits, because 0.999 * 100 may round. */
function percentOf(probability: number): number {
  const [mantissa = "0", exponent = "0"] = probability.toExponential().split("e");
  return Number(`${mantissa}e${Number(exponent) + 2}`);
}
