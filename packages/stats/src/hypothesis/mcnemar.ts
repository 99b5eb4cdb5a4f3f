import { checkChoice, checkCount } from "../arguments/check-number.ts";
import { binomialCdf, binomialPmf } from "../distributions/binomial.ts";
import { chiSquaredSf } from "../distributions/chi-squared.ts";

/** The pairs on which two ways of judging disagree; those on which they agree say nothing. */
export interface DiscordantPairs {
  /** How many pairs only the first got right. */
  readonly firstOnly: number;
  /** How many pairs only the second got right. */
  readonly secondOnly: number;
}

export interface McNemarOptions {
  /**
   * `exact` never has more false alarms than stated; `mid-p` counts the observed outcome by half,
   * which has more power and hardly ever more false alarms; `asymptotic` is the chi-squared limit.
   * Default `exact`.
   */
  readonly method?: "exact" | "mid-p" | "asymptotic" | undefined;
  /** Edwards' continuity correction of the asymptotic method. Default true. */
  readonly continuityCorrection?: boolean | undefined;
}

export interface McNemarResult {
  /** The smaller of the two counts, or the chi-squared statistic of the asymptotic method. */
  readonly statistic: number;
  readonly pValue: number;
  readonly method: "exact" | "mid-p" | "asymptotic";
}

/**
 * McNemar's test of paired yes-or-no answers, such as two models on the same labelled rows.
 *
 * **Hypothesis**: of the pairs on which the two disagree, either is right in half. Two-sided. Without
 * such pairs the p-value is 1.
 *
 * Source: Q. McNemar 1947; M. W. Fagerland et al., "The McNemar test for binary matched-pairs data:
 * mid-p and asymptotic are better than exact conditional", 2013.
 *
 * @throws {@link InvalidArgumentError} unless both are whole numbers of at least 0.
 */
export function mcNemar(pairs: DiscordantPairs, options: McNemarOptions = {}): McNemarResult {
  const { method = "exact", continuityCorrection = true } = options;
  const { firstOnly, secondOnly } = pairs;
  checkCount("pairs.firstOnly", firstOnly);
  checkCount("pairs.secondOnly", secondOnly);
  checkChoice("options.method", method, ["exact", "mid-p", "asymptotic"]);
  const total = firstOnly + secondOnly;
  const smaller = Math.min(firstOnly, secondOnly);
  if (method === "asymptotic") {
    const distance = Math.max(0, Math.abs(firstOnly - secondOnly) - (continuityCorrection ? 1 : 0));
    const statistic = total === 0 ? 0 : (distance * distance) / total;
    return Object.freeze({ statistic, pValue: chiSquaredSf(statistic, 1), method });
  }
  const exact = Math.min(1, 2 * binomialCdf(smaller, total, 0.5));
  // Where both are equal the two tails share the observed outcome, which counts once.
  const tails = firstOnly === secondOnly ? 0.5 : 1;
  const half = method === "mid-p" && total > 0 ? tails * binomialPmf(smaller, total, 0.5) : 0;
  return Object.freeze({ statistic: smaller, pValue: exact - half, method });
}
