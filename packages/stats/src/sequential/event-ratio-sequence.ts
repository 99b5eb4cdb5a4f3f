import { checkOpenProbability, checkLength } from "../arguments/check-sample.ts";
import { checkCount, checkPositive } from "../arguments/check-number.ts";
import { bisect } from "../numeric/bisect.ts";
import { gaussLegendre } from "../numeric/gauss-legendre.ts";

/** Events seen while traffic was split in one way: one per step of a rollout. */
export interface EventStratum {
  /** The chance of a request to go to the first arm, above 0 and below 1. */
  readonly share: number;
  /** Events, such as errors, in the first arm. */
  readonly first: number;
  /** Events in the second arm. */
  readonly second: number;
}

export interface EventRatioOptions {
  /** How often the interval may ever miss, above 0 and below 1; 0.05 by default. */
  readonly alpha?: number;
  /** The size of ratio that is expected, as the deviation of its logarithm; ln 2 by default. Fix it before looking. */
  readonly logRatioDeviation?: number;
}

export interface EventRatioSequence {
  /** The most likely ratio: 0 or Infinity where only one arm had events, NaN where none had. */
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  readonly alpha: number;
  /** The evidence against a ratio of 1: refuted at level α when at or above 1/α, at any look. */
  readonly eValue: number;
}

/**
 * An interval for how many times as often an event happens in the first arm as in the second, that holds
 * at every look, exactly, when requests are assigned at random.
 *
 * It looks at events only. With the chance w of a request to go to the first arm and the ratio r, an
 * event comes from the first arm with chance wr / (wr + 1 - w), whatever the rate of events is at that
 * time. So it stays right while that rate rises and falls for both arms, and while w changes from step
 * to step, where a comparison of pooled rates is misled (Simpson's paradox). The evidence is a mixture of
 * likelihoods over ln r ~ N(0, deviation²), divided by that of the ratio in question.
 *
 * Each event has to come from an assignment of its own. Where users stay with their version, count users who
 * had an event, each once: ten errors of one user are one assignment, and would count as ten.
 *
 * With requests in place of errors it is a sample-ratio check: a ratio of 1 says that traffic is split as
 * planned, at every step; an `eValue` of 1,000 or more says that it is not (level 0.001, at any look).
 *
 * @example
 * eventRatioSequence([{ share: 0.5, first: 30, second: 10 }]); // estimate 3, lower 1.04665…, eValue 31.2287…
 */
export function eventRatioSequence(
  strata: readonly EventStratum[],
  { alpha = 0.05, logRatioDeviation = Math.LN2 }: EventRatioOptions = {},
): EventRatioSequence {
  checkOpenProbability("alpha", alpha);
  const logEvidence = logEvidenceOf(strata, logRatioDeviation);
  const best = mostLikely(strata);
  const isRefuted = (logRatio: number): boolean => logEvidence(logRatio) >= -Math.log(alpha);
  return {
    estimate: estimateOf(strata, best),
    lower: isRefuted(-farthest) ? Math.exp(bisect(isRefuted, -farthest, best)) : 0,
    upper: isRefuted(farthest) ? Math.exp(bisect((ratio) => !isRefuted(ratio), best, farthest)) : Infinity,
    alpha,
    eValue: Math.exp(logEvidence(0)),
  };
}

/** The evidence of {@link eventRatioSequence} against one ratio, 1 by default, without its interval. */
export function eventRatioEValue(
  strata: readonly EventStratum[],
  { ratio = 1, logRatioDeviation = Math.LN2 }: { readonly ratio?: number } & EventRatioOptions = {},
): number {
  checkPositive("ratio", ratio);
  return Math.exp(logEvidenceOf(strata, logRatioDeviation)(Math.log(ratio)));
}

/** The logarithm of the evidence against a logarithm of a ratio. */
function logEvidenceOf(
  strata: readonly EventStratum[],
  logRatioDeviation: number,
): (logRatio: number) => number {
  checkLength("strata", strata);
  checkPositive("logRatioDeviation", logRatioDeviation);
  for (const [place, { share, first, second }] of strata.entries()) {
    checkOpenProbability(`strata[${place}].share`, share);
    checkCount(`strata[${place}].first`, first);
    checkCount(`strata[${place}].second`, second);
  }
  const logLikelihood = (logRatio: number): number =>
    strata.reduce((sum, stratum) => sum + logLikelihoodOf(stratum, logRatio), 0);
  const mixture = logMixture(strata, logLikelihood, logRatioDeviation);
  return (logRatio) => mixture - logLikelihood(logRatio);
}

/** Beyond e^±50 a ratio counts as 0 or infinite. */
const farthest = 50;

function logLikelihoodOf({ share, first, second }: EventStratum, logRatio: number): number {
  const logOdds = Math.log(share) - Math.log1p(-share) + logRatio;
  // ln of 1 / (1 + e^-x), without overflow on either side.
  const logChance = (x: number): number => (x > 0 ? -Math.log1p(Math.exp(-x)) : x - Math.log1p(Math.exp(x)));
  return (first === 0 ? 0 : first * logChance(logOdds)) + (second === 0 ? 0 : second * logChance(-logOdds));
}

/** The first derivative of the log-likelihood, and minus the second. */
function slopes(strata: readonly EventStratum[], logRatio: number): { slope: number; bend: number } {
  let slope = 0;
  let bend = 0;
  for (const { share, first, second } of strata) {
    const chance = 1 / (1 + ((1 - share) / share) * Math.exp(-logRatio));
    slope += first - (first + second) * chance;
    bend += (first + second) * chance * (1 - chance);
  }
  return { slope, bend };
}

/** The most likely ln r, between its ends; at an end where only one arm had events. */
function mostLikely(strata: readonly EventStratum[]): number {
  if (strata.every(({ first }) => first === 0)) return -farthest;
  if (strata.every(({ second }) => second === 0)) return farthest;
  return bisect((logRatio) => slopes(strata, logRatio).slope > 0, -farthest, farthest);
}

function estimateOf(strata: readonly EventStratum[], best: number): number {
  if (strata.every(({ first, second }) => first + second === 0)) return Number.NaN;
  if (Math.abs(best) < farthest) return Math.exp(best);
  return best < 0 ? 0 : Infinity;
}

/** The logarithm of the mean likelihood over ln r ~ N(0, deviation²). */
function logMixture(
  strata: readonly EventStratum[],
  logLikelihood: (logRatio: number) => number,
  deviation: number,
): number {
  const slopeAt = (x: number): number => slopes(strata, x).slope - x / deviation ** 2;
  const peak = bisect((x) => slopeAt(x) > 0, -farthest, farthest);
  // The integrand is log-concave; far from its peak it falls at least as fast as the prior does.
  const width = 1 / Math.sqrt(slopes(strata, peak).bend + 1 / deviation ** 2);
  const logIntegrand = (x: number): number => logLikelihood(x) - (x * x) / (2 * deviation ** 2);
  const top = logIntegrand(peak);
  const end = (direction: 1 | -1): number => {
    let reach = 8 * width;
    while (reach < 12 * deviation && top - logIntegrand(peak + direction * reach) < 45) reach *= 1.5;
    return peak + direction * reach;
  };
  const low = end(-1);
  const high = end(1);
  const { points, weights } = gaussLegendre(low, high, Math.ceil((high - low) / (2 * width)));
  let total = 0;
  for (const [index, point] of points.entries())
    total += (weights[index] ?? 0) * Math.exp(logIntegrand(point) - top);
  return top + Math.log(total) - Math.log(deviation * Math.sqrt(2 * Math.PI));
}
