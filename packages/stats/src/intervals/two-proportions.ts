import { checkChoice } from "../arguments/check-number.ts";
import { checkOpenProbability, checkSuccesses } from "../arguments/check-sample.ts";
import { normalQuantile } from "../distributions/normal.ts";
import { bisect } from "../numeric/bisect.ts";
import { binomialInterval, type Successes } from "./binomial-interval.ts";
import type { Estimate } from "./interval.ts";
import { fitDifference, fitRatio } from "./restricted-likelihood.ts";

/** How an interval of a difference is made. See {@link proportionDifferenceInterval}. */
export type DifferenceMethod = "newcombe" | "miettinen-nurminen";

export interface DifferenceOptions {
  /** Above 0 and below 1; 0.95 by default. */
  readonly confidence?: number;
  /** `miettinen-nurminen` by default. */
  readonly method?: DifferenceMethod;
}

export interface ProportionDifference extends Estimate {
  readonly method: DifferenceMethod;
}

/**
 * An interval for the first share less the second, such as the error rate of a canary less that of the
 * stable version, from independent trials.
 *
 * - `miettinen-nurminen` (1985): the differences that a score test does not reject. Coverage close to
 *   `confidence` also for rare events and unequal arms.
 * - `newcombe` (1998, method 10): from the two Wilson intervals; no iteration, nearly as good.
 *
 * For one look at the data; to watch a difference use {@link bernoulliDifferenceSequence}. Bounds are
 * exact to about 1e-13 and agree with the table of Newcombe 1998; statsmodels' `score` method gives
 * others (0.0526 to 0.3440 for the example, where the table has 0.0528 to 0.3382).
 *
 * @example
 * proportionDifferenceInterval({ successes: 56, trials: 70 }, { successes: 48, trials: 80 });
 * // estimate 0.2, lower 0.05282…, upper 0.33817…
 */
export function proportionDifferenceInterval(
  first: Successes,
  second: Successes,
  { confidence = 0.95, method = "miettinen-nurminen" }: DifferenceOptions = {},
): ProportionDifference {
  checkArms(first, second, confidence);
  checkChoice("method", method, ["newcombe", "miettinen-nurminen"]);
  const estimate = first.successes / first.trials - second.successes / second.trials;
  if (method === "newcombe") {
    const a = binomialInterval(first, { confidence });
    const b = binomialInterval(second, { confidence });
    const lower = estimate - Math.hypot(a.estimate - a.lower, b.upper - b.estimate);
    const upper = estimate + Math.hypot(a.upper - a.estimate, b.estimate - b.lower);
    return { estimate, lower, upper, confidence, method };
  }
  const isRejected = (difference: number): boolean => {
    const { first: p, second: q } = fitDifference(first, second, difference);
    const variance = (p * (1 - p)) / first.trials + (q * (1 - q)) / second.trials;
    return scoreExceeds(estimate - difference, variance, first, second, confidence);
  };
  const lower = bisect(isRejected, -1, estimate);
  const upper = bisect((difference) => !isRejected(difference), estimate, 1);
  return { estimate, lower, upper, confidence, method };
}

export interface ProportionRatio extends Estimate {
  /** Not finite where the second arm has no success; `NaN` where neither has. */
  readonly estimate: number;
  /** `Infinity` where the second arm has no success: no ratio is too large for the data. */
  readonly upper: number;
}

/**
 * An interval for the first share divided by the second ("relative risk"), by the score test of
 * Miettinen and Nurminen (1985). With no success in either arm every ratio fits: [0, Infinity].
 *
 * @example
 * proportionRatioInterval({ successes: 30, trials: 1000 }, { successes: 10, trials: 1000 });
 * // estimate 3, lower 1.49679…, upper 6.02351…
 */
export function proportionRatioInterval(
  first: Successes,
  second: Successes,
  { confidence = 0.95 }: { readonly confidence?: number } = {},
): ProportionRatio {
  checkArms(first, second, confidence);
  const a = first.successes / first.trials;
  const b = second.successes / second.trials;
  const isRejected = (logRatio: number): boolean => {
    const ratio = Math.exp(logRatio);
    const { first: p, second: q } = fitRatio(first, second, ratio);
    const variance = (p * (1 - p)) / first.trials + (ratio * ratio * q * (1 - q)) / second.trials;
    return scoreExceeds(a - ratio * b, variance, first, second, confidence);
  };
  // Beyond e^±300 a ratio is no longer about shares of counted trials.
  const centre = Math.min(Math.max(Math.log(a / b), -300), 300);
  const lower = a === 0 ? 0 : Math.exp(bisect(isRejected, -300, centre));
  const upper = b === 0 ? Infinity : Math.exp(bisect((ratio) => !isRejected(ratio), centre, 300));
  return { estimate: a / b, lower, upper, confidence };
}

function checkArms(first: Successes, second: Successes, confidence: number): void {
  checkSuccesses("first", first);
  checkSuccesses("second", second);
  checkOpenProbability("confidence", confidence);
}

/** Whether distance² / (variance · N / (N - 1)) > z². */
function scoreExceeds(
  distance: number,
  variance: number,
  first: Successes,
  second: Successes,
  confidence: number,
): boolean {
  const z = normalQuantile((1 + confidence) / 2);
  const trials = first.trials + second.trials;
  return distance * distance * (trials - 1) > z * z * variance * trials;
}
