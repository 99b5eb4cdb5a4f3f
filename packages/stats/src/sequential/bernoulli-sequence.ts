import { checkOpenProbability, checkSuccesses } from "../arguments/check-sample.ts";
import { checkChoice, checkPositive, checkProbability } from "../arguments/check-number.ts";
import { betaSf } from "../distributions/beta.ts";
import type { Successes } from "../intervals/binomial-interval.ts";
import { fitDifference, logLikelihood } from "../intervals/restricted-likelihood.ts";
import { bisect } from "../numeric/bisect.ts";
import { logBeta } from "../special/log-beta.ts";
import type { ConfidenceSequenceInterval } from "./sequence-interval.ts";

/** Where the mixture expects the share: a beta distribution. */
export interface BetaPrior {
  /** Above 0. */
  readonly successes: number;
  /** Above 0. */
  readonly failures: number;
}

export interface BernoulliSequenceOptions {
  /** How often the interval may ever miss, above 0 and below 1; 0.05 by default. */
  readonly alpha?: number;
  /**
   * Half a success and half a failure by default, good for any share. The interval is valid for every
   * prior; one near the truth makes it shorter. Fix it before looking.
   */
  readonly prior?: BetaPrior;
  /** `both` by default. One bound alone spends all of `alpha` on it; the other one is then 0 or 1. */
  readonly bounds?: "both" | "lower" | "upper";
}

/**
 * An interval for a share, such as an error rate, that holds at every look: the chance that it ever
 * misses is at most `alpha`, exactly and from the first trial on (Robbins 1970).
 *
 * It holds the shares p for which the mixture martingale
 *
 *     B(a + s, b + f) / B(a, b) / (p^s · (1 - p)^f)
 *
 * is below 1/α, with s successes, f failures and the prior Beta(a, b). Trials may depend on the past as
 * long as each succeeds with chance p given it. One bound alone mixes over the shares beyond p only.
 *
 * Bounds are accurate to about 1e-10. Requests of one user are no independent trials where users differ; then
 * count users.
 *
 * To watch whether a quantile is beyond a limit in constant memory, count the values above the limit:
 * p95 > 500 ms is "the share above 500 ms is more than 0.05".
 *
 * @example
 * bernoulliSequence({ successes: 0, trials: 1000 }, { bounds: "upper" }).upper; // 0.00378…
 */
export function bernoulliSequence(
  counts: Successes,
  { alpha = 0.05, prior = jeffreys, bounds = "both" }: BernoulliSequenceOptions = {},
): ConfidenceSequenceInterval {
  checkSuccesses("counts", counts, 0);
  checkOpenProbability("alpha", alpha);
  checkChoice("bounds", bounds, ["both", "lower", "upper"]);
  checkPrior(prior);
  const estimate = counts.trials === 0 ? 0.5 : counts.successes / counts.trials;
  const limit = -Math.log(alpha);
  const isRefuted = (share: number): boolean =>
    bounds === "both"
      ? logMixture(counts, prior) - logLikelihood(counts, share) >= limit
      : oneSidedLogEvidence(counts, prior, share, bounds) >= limit;
  return {
    estimate,
    lower: bounds === "upper" || counts.successes === 0 ? 0 : bisect(isRefuted, 0, estimate),
    upper:
      bounds === "lower" || counts.successes === counts.trials
        ? 1
        : bisect((share) => !isRefuted(share), estimate, 1),
    alpha,
  };
}

/**
 * The evidence against a share: an e-value at every look. At or above 1/α it refutes at level α, and
 * 1 / (the largest so far) is a p-value valid at every look.
 *
 * @param options.share The hypothesis: the true share is this (`both`), at most this (`lower`), at least
 * this (`upper`).
 */
export function bernoulliEValue(
  counts: Successes,
  { share, prior = jeffreys, bounds = "both" }: { readonly share: number } & BernoulliSequenceOptions,
): number {
  checkSuccesses("counts", counts, 0);
  checkProbability("share", share);
  checkChoice("bounds", bounds, ["both", "lower", "upper"]);
  checkPrior(prior);
  if (bounds === "both") return Math.exp(logMixture(counts, prior) - logLikelihood(counts, share));
  return Math.exp(oneSidedLogEvidence(counts, prior, share, bounds));
}

export interface DifferenceSequence extends ConfidenceSequenceInterval {
  /** The evidence against equal shares: refuted at level α when at or above 1/α, at any look. */
  readonly eValue: number;
}

/**
 * An interval for the first share less the second of two independent arms that holds at every look,
 * exactly, whatever the arms' sizes and however traffic moves between them.
 *
 * The product of both arms' mixture martingales is one too. The interval holds every difference d for
 * which some pair of shares p, q with p - q = d keeps that product below 1/α; the pair that does it
 * best is the most likely one with that difference. It pays for not knowing either share: where
 * traffic is split at random with known weights and events are rare, {@link eventRatioSequence} sees a
 * difference sooner.
 *
 * @example
 * const canary = { successes: 30, trials: 1000 };
 * bernoulliDifferenceSequence(canary, { successes: 10, trials: 1000 }); // lower -0.00861…, upper 0.05325…
 */
export function bernoulliDifferenceSequence(
  first: Successes,
  second: Successes,
  { alpha = 0.05, prior = jeffreys }: { readonly alpha?: number; readonly prior?: BetaPrior } = {},
): DifferenceSequence {
  checkSuccesses("first", first);
  checkSuccesses("second", second);
  checkOpenProbability("alpha", alpha);
  checkPrior(prior);
  const mixture = logMixture(first, prior) + logMixture(second, prior);
  const logEvidence = (difference: number): number =>
    mixture - restrictedLogLikelihood(first, second, difference);
  const isRefuted = (difference: number): boolean => logEvidence(difference) >= -Math.log(alpha);
  const estimate = first.successes / first.trials - second.successes / second.trials;
  return {
    estimate,
    lower: isRefuted(-1) ? bisect(isRefuted, -1, estimate) : -1,
    upper: isRefuted(1) ? bisect((difference) => !isRefuted(difference), estimate, 1) : 1,
    alpha,
    eValue: bernoulliDifferenceEValue(first, second, { prior }),
  };
}

/** The log-likelihood of the best pair of shares with that difference. */
function restrictedLogLikelihood(first: Successes, second: Successes, difference: number): number {
  const shares = fitDifference(first, second, difference);
  return logLikelihood(first, shares.first) + logLikelihood(second, shares.second);
}

/** The evidence of {@link bernoulliDifferenceSequence} against one difference, without its interval. */
export function bernoulliDifferenceEValue(
  first: Successes,
  second: Successes,
  { difference = 0, prior = jeffreys }: { readonly difference?: number; readonly prior?: BetaPrior } = {},
): number {
  checkSuccesses("first", first);
  checkSuccesses("second", second);
  checkPrior(prior);
  const mixture = logMixture(first, prior) + logMixture(second, prior);
  return Math.exp(mixture - restrictedLogLikelihood(first, second, difference));
}

const jeffreys: BetaPrior = { successes: 0.5, failures: 0.5 };

/** The logarithm of the chance of the data when the share itself is drawn from the prior. */
function logMixture({ successes, trials }: Successes, prior: BetaPrior): number {
  return (
    logBeta(prior.successes + successes, prior.failures + trials - successes) -
    logBeta(prior.successes, prior.failures)
  );
}

function oneSidedLogEvidence(
  counts: Successes,
  prior: BetaPrior,
  share: number,
  bounds: "lower" | "upper",
): number {
  if (bounds === "upper") {
    const mirrored = { successes: counts.trials - counts.successes, trials: counts.trials };
    const mirroredPrior = { successes: prior.failures, failures: prior.successes };
    return oneSidedLogEvidence(mirrored, mirroredPrior, 1 - share, "lower");
  }
  if (share >= 1) return -Infinity;
  const { successes, trials } = counts;
  const after = betaSf(share, prior.successes + successes, prior.failures + trials - successes);
  const before = betaSf(share, prior.successes, prior.failures);
  return logMixture(counts, prior) - logLikelihood(counts, share) + Math.log(after / before);
}

function checkPrior({ successes, failures }: BetaPrior): void {
  checkPositive("prior.successes", successes);
  checkPositive("prior.failures", failures);
}
