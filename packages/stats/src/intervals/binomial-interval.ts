import { checkChoice } from "../arguments/check-number.ts";
import { checkOpenProbability, checkSuccesses } from "../arguments/check-sample.ts";
import { betaQuantile } from "../distributions/beta.ts";
import { normalQuantile } from "../distributions/normal.ts";
import { bisect } from "../numeric/bisect.ts";
import { regularizedIncompleteBeta } from "../special/incomplete-beta.ts";
import type { Estimate, Interval } from "./interval.ts";

/** How many of how many. */
export interface Successes {
  readonly successes: number;
  readonly trials: number;
}

/** How an interval of a share is made. See {@link binomialInterval}. */
export type BinomialIntervalMethod = "wilson" | "clopper-pearson" | "mid-p" | "jeffreys" | "agresti-coull";

export interface BinomialIntervalOptions {
  /** Above 0 and below 1; 0.95 by default. */
  readonly confidence?: number;
  /** `wilson` by default. */
  readonly method?: BinomialIntervalMethod;
}

export interface BinomialInterval extends Estimate {
  readonly method: BinomialIntervalMethod;
}

/**
 * An interval for a share, such as an error rate, from how many of how many independent trials came out so.
 *
 * | method | coverage | use it |
 * | --- | --- | --- |
 * | `wilson` | about `confidence` on average, a little below for some shares | by default |
 * | `clopper-pearson` | at least `confidence`, always | where too short an interval does harm |
 * | `mid-p` | close to `confidence`, rarely below | as Clopper-Pearson, but shorter |
 * | `jeffreys` | about `confidence` on average | near 0 and 1 |
 * | `agresti-coull` | about `confidence`, wider than Wilson | for comparison with others |
 *
 * They are for one look at the data. For a rate that is watched, use {@link bernoulliSequence}.
 * Agree with statsmodels' `proportion_confint` to 1e-12, except that Jeffreys' bound is 0 where no
 * trial succeeded and 1 where all did (Brown, Cai and DasGupta 2001, section 4.1.2).
 *
 * @example
 * binomialInterval({ successes: 3, trials: 100 }); // estimate 0.03, lower 0.01025…, upper 0.08452…
 */
export function binomialInterval(
  counts: Successes,
  { confidence = 0.95, method = "wilson" }: BinomialIntervalOptions = {},
): BinomialInterval {
  checkSuccesses("counts", counts);
  checkOpenProbability("confidence", confidence);
  checkChoice("method", method, ["wilson", "clopper-pearson", "mid-p", "jeffreys", "agresti-coull"]);
  const { successes, trials } = counts;
  const { lower, upper } = bounds(successes, trials - successes, (1 - confidence) / 2, method);
  return { estimate: successes / trials, lower, upper, confidence, method };
}

function bounds(successes: number, failures: number, tail: number, method: BinomialIntervalMethod): Interval {
  switch (method) {
    case "wilson":
      return wilson(successes, failures, tail);
    case "agresti-coull":
      return agrestiCoull(successes, failures, tail);
    case "clopper-pearson":
      return {
        lower: successes === 0 ? 0 : betaQuantile(tail, successes, failures + 1),
        upper: failures === 0 ? 1 : betaQuantile(1 - tail, successes + 1, failures),
      };
    case "jeffreys":
      return {
        lower: successes === 0 ? 0 : betaQuantile(tail, successes + 0.5, failures + 0.5),
        upper: failures === 0 ? 1 : betaQuantile(1 - tail, successes + 0.5, failures + 0.5),
      };
    case "mid-p":
      return {
        lower: midP(successes, failures, tail),
        upper: 1 - midP(failures, successes, tail),
      };
  }
}

function wilson(successes: number, failures: number, tail: number): Interval {
  const z = -normalQuantile(tail);
  const trials = successes + failures;
  const margin = z * Math.sqrt((successes * failures) / trials + (z * z) / 4);
  const total = trials + z * z;
  return {
    lower: successes === 0 ? 0 : (successes + (z * z) / 2 - margin) / total,
    upper: failures === 0 ? 1 : (successes + (z * z) / 2 + margin) / total,
  };
}

function agrestiCoull(successes: number, failures: number, tail: number): Interval {
  const z = -normalQuantile(tail);
  const trials = successes + failures + z * z;
  const centre = (successes + (z * z) / 2) / trials;
  const margin = z * Math.sqrt((centre * (1 - centre)) / trials);
  return { lower: Math.max(centre - margin, 0), upper: Math.min(centre + margin, 1) };
}

/** The share at which P(more successes) + P(as many successes) / 2 is `tail`. */
function midP(successes: number, failures: number, tail: number): number {
  if (successes === 0) return 0;
  const atLeast = (share: number): number => regularizedIncompleteBeta(successes, failures + 1, share);
  const more = (share: number): number =>
    failures === 0 ? 0 : regularizedIncompleteBeta(successes + 1, failures, share);
  return bisect((share) => (atLeast(share) + more(share)) / 2 < tail, 0, 1);
}
