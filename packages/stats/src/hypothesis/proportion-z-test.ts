import { checkCount } from "../arguments/check-number.ts";
import { normalCdf, normalSf } from "../distributions/normal.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { type Alternative, checkAlternative } from "./alternative.ts";

/** How often something happened. */
export interface Proportion {
  readonly successes: number;
  /** At least 1. */
  readonly trials: number;
}

export interface ProportionOptions {
  /** `greater`: the first proportion is the larger one. Default `two-sided`. */
  readonly alternative?: Alternative | undefined;
}

export interface ProportionResult {
  readonly statistic: number;
  readonly pValue: number;
  readonly alternative: Alternative;
  /** The observed proportion less the expected or the second one. */
  readonly estimate: number;
}

/**
 * The z test of one proportion against a known one.
 *
 * **Hypothesis**: the chance of a success is `probability`. **Statistic**: the distance in standard
 * errors under the hypothesis (the score test, without continuity correction). **Limits**: expect
 * at least about 10 successes and 10 failures.
 *
 * @throws {@link InvalidArgumentError} unless successes and trials are counts and 0 < probability < 1.
 */
export function oneProportionZTest(
  observed: Proportion,
  probability: number,
  options: ProportionOptions = {},
): ProportionResult {
  checkProportion("observed", observed);
  if (!(probability > 0 && probability < 1)) {
    throw new InvalidArgumentError(
      `probability is ${String(probability)}; pass a number between 0 and 1, neither of them included.`,
      { argument: "probability" },
    );
  }
  const { successes, trials } = observed;
  const estimate = (successes - trials * probability) / trials;
  return result(estimate, Math.sqrt((probability * (1 - probability)) / trials), options);
}

/**
 * The z test of two proportions with the pooled standard error.
 *
 * **Hypothesis**: both chances of a success are the same. Its square is Pearson's chi-squared of the
 * table without Yates' correction. If all trials of both ended the same way, z is 0 and the p-value
 * 1. **Limits**: have at least about 10 successes and 10 failures in each.
 *
 * @throws {@link InvalidArgumentError} unless all are counts, successes at most trials, trials at least 1.
 */
export function twoProportionZTest(
  first: Proportion,
  second: Proportion,
  options: ProportionOptions = {},
): ProportionResult {
  checkProportion("first", first);
  checkProportion("second", second);
  const trials = first.trials + second.trials;
  const successes = first.successes + second.successes;
  const variance =
    (successes / trials) * ((trials - successes) / trials) * (1 / first.trials + 1 / second.trials);
  const estimate =
    (first.successes * second.trials - second.successes * first.trials) / first.trials / second.trials;
  return result(estimate, Math.sqrt(variance), options);
}

function result(
  estimate: number,
  standardError: number,
  { alternative = "two-sided" }: ProportionOptions,
): ProportionResult {
  checkAlternative(alternative);
  const statistic = standardError === 0 ? 0 : estimate / standardError;
  const tail =
    alternative === "less"
      ? normalCdf(statistic)
      : normalSf(alternative === "greater" ? statistic : Math.abs(statistic));
  return Object.freeze({
    statistic,
    // With no variance nothing can speak against the hypothesis.
    pValue: standardError === 0 ? 1 : alternative === "two-sided" ? 2 * tail : tail,
    alternative,
    estimate,
  });
}

function checkProportion(argument: string, { successes, trials }: Proportion): void {
  checkCount(`${argument}.trials`, trials, 1);
  checkCount(`${argument}.successes`, successes, 0, trials);
}
