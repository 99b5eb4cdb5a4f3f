import { checkChoice, checkCount } from "../arguments/check-number.ts";
import { copySample, type Sample } from "../arguments/sample.ts";
import { chiSquaredSf } from "../distributions/chi-squared.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { sum } from "../numeric/sum.ts";
import { copyCounts, type Divergence, powerDivergence } from "./power-divergence.ts";

export interface GoodnessOfFitOptions {
  /** The expected counts, or anything proportional to them. Default: the same for all categories. */
  readonly expected?: Sample | undefined;
  /** How many parameters of the expectation were estimated from these counts. Default 0. */
  readonly estimatedParameters?: number | undefined;
  /**
   * What to do with a category that is not expected at all: `refuse`, or `drop` it if it was not
   * observed either. Default `refuse`.
   */
  readonly unexpected?: "refuse" | "drop" | undefined;
}

export interface GoodnessOfFitResult {
  readonly statistic: number;
  readonly pValue: number;
  /** Categories - 1 - estimated parameters. */
  readonly degreesOfFreedom: number;
  readonly method: Divergence;
}

/**
 * Pearson's chi-squared test of counts against a distribution that is known beforehand.
 *
 * **Hypothesis**: the counts are a multinomial sample with the expected shares. Those have to be
 * known, not counted in another sample: for that use {@link chiSquaredIndependence}, or the false
 * alarms multiply. **Limits**: the p-value is that of large samples; expect at least about 5 in
 * each category.
 *
 * SciPy: `scipy.stats.chisquare`, with `expected` scaled to the observed total.
 *
 * @throws {@link InvalidArgumentError} for fewer than 2 categories, negative counts, no counts at
 *   all, expected shares of 0 beside observations, or no degree of freedom left.
 */
export function chiSquaredGoodnessOfFit(
  observed: Sample,
  options: GoodnessOfFitOptions = {},
): GoodnessOfFitResult {
  return goodnessOfFit(observed, options, "pearson");
}

/**
 * The likelihood-ratio (G) test of counts against a distribution that is known beforehand;
 * hypothesis and limits as for {@link chiSquaredGoodnessOfFit}.
 *
 * SciPy: `scipy.stats.power_divergence(lambda_="log-likelihood")`, with `expected` scaled.
 *
 * @throws {@link InvalidArgumentError} as {@link chiSquaredGoodnessOfFit}.
 */
export function gGoodnessOfFit(observed: Sample, options: GoodnessOfFitOptions = {}): GoodnessOfFitResult {
  return goodnessOfFit(observed, options, "log-likelihood");
}

function goodnessOfFit(
  observed: Sample,
  { expected, estimatedParameters = 0, unexpected = "refuse" }: GoodnessOfFitOptions,
  method: Divergence,
): GoodnessOfFitResult {
  checkCount("options.estimatedParameters", estimatedParameters);
  checkChoice("options.unexpected", unexpected, ["refuse", "drop"]);
  const counts = copyCounts("observed", copySample("observed", observed, { minimumSize: 2, finite: true }));
  const shares =
    expected === undefined
      ? new Float64Array(counts.length).fill(1)
      : copyCounts("options.expected", copySample("options.expected", expected, { finite: true }));
  if (shares.length !== counts.length) {
    throw new InvalidArgumentError(
      `options.expected has ${shares.length} categories and observed ${counts.length}; pass one for each.`,
      { argument: "options.expected" },
    );
  }
  const total = sum(counts);
  if (total === 0) {
    throw new InvalidArgumentError("observed has no counts; pass at least one that is above 0.", {
      argument: "observed",
    });
  }
  shares.forEach((share, i) => {
    if (share > 0 || (unexpected === "drop" && counts[i] === 0)) return;
    throw new InvalidArgumentError(
      `options.expected[${i}] is 0, and ${counts[i]} were observed; ` +
        (counts[i] === 0
          ? `leave the category out, or pass unexpected: "drop".`
          : "compare the two samples with chiSquaredIndependence, or pool the category with others."),
      { argument: `options.expected[${i}]` },
    );
  });
  const kept = counts.filter((_, i) => (shares[i] ?? 0) > 0);
  const wanted = shares.filter((share) => share > 0);
  const degreesOfFreedom = kept.length - 1 - estimatedParameters;
  if (degreesOfFreedom < 1) {
    throw new InvalidArgumentError(
      `observed has ${kept.length} categories with ${estimatedParameters} estimated parameters; at least one degree of freedom has to be left.`,
      { argument: "observed" },
    );
  }
  const scale = total / sum(wanted);
  const statistic = powerDivergence(
    kept,
    wanted.map((share) => share * scale),
    method,
  );
  return Object.freeze({
    statistic,
    pValue: chiSquaredSf(statistic, degreesOfFreedom),
    degreesOfFreedom,
    method,
  });
}
