import { checkCount, checkNumber, checkProbability } from "../arguments/check-number.ts";
import { betaTails } from "../special/incomplete-beta.ts";
import { betaPower } from "../special/log-beta.ts";
import { type Tails, tailsFromLower, tailsFromUpper } from "../special/tails.ts";
import { discreteQuantile } from "./discrete-quantile.ts";

/**
 * The probability of exactly `successes` in `trials` independent trials that each succeed with
 * `probability`. SciPy: `scipy.stats.binom.pmf`.
 *
 * @throws {@link InvalidArgumentError} unless the counts are whole numbers of at least 0 and the probability is in [0, 1].
 */
export function binomialPmf(successes: number, trials: number, probability: number): number {
  checkCount("successes", successes);
  checkCount("trials", trials);
  checkProbability("probability", probability);
  return binomialTerm(successes, trials, probability, 1 - probability);
}

/**
 * P(X ≤ successes). `successes` may be any number; the count is its whole part.
 * SciPy: `scipy.stats.binom.cdf`.
 *
 * @throws {@link InvalidArgumentError} for NaN, trials that are not a count, a probability outside [0, 1].
 */
export function binomialCdf(successes: number, trials: number, probability: number): number {
  return tails(successes, trials, probability).lower;
}

/**
 * P(X > successes), with its digits kept in the tail. SciPy: `scipy.stats.binom.sf`.
 *
 * @throws {@link InvalidArgumentError} for NaN, trials that are not a count, a probability outside [0, 1].
 */
export function binomialSf(successes: number, trials: number, probability: number): number {
  return tails(successes, trials, probability).upper;
}

/**
 * The smallest count whose distribution function reaches `level`. SciPy: `scipy.stats.binom.ppf`.
 *
 * @throws {@link InvalidArgumentError} unless level and probability are in [0, 1] and trials is a count.
 */
export function binomialQuantile(level: number, trials: number, probability: number): number {
  checkProbability("level", level);
  checkCount("trials", trials);
  checkProbability("probability", probability);
  return discreteQuantile(level, trials, (count) => tails(count, trials, probability));
}

/** The probability mass with q = 1 - p given too. Counts outside [0, trials] have none. */
export function binomialTerm(successes: number, trials: number, p: number, q: number): number {
  if (successes < 0 || successes > trials) return 0;
  const failures = trials - successes;
  if (successes === 0) return p < 0.5 ? Math.exp(trials * Math.log1p(-p)) : q ** trials;
  if (failures === 0) return q < 0.5 ? Math.exp(trials * Math.log1p(-q)) : p ** trials;
  // C(n, k) = n / (k·(n - k)) / B(k, n - k)
  return betaPower(successes, failures, p, q) * (trials / successes / failures);
}

function tails(successes: number, trials: number, probability: number): Tails {
  checkNumber("successes", successes);
  checkCount("trials", trials);
  checkProbability("probability", probability);
  const count = Math.floor(successes);
  if (count < 0) return tailsFromLower(0);
  if (count >= trials) return tailsFromUpper(0);
  const { lower, upper } = betaTails(count + 1, trials - count, probability, 1 - probability);
  return { lower: upper, upper: lower };
}
