import { copySample, type Sample } from "../arguments/sample.ts";
import { binomialCdf } from "../distributions/binomial.ts";
import { type Alternative, checkAlternative } from "./alternative.ts";

export interface SignTestOptions {
  /** `greater`: the differences tend to be above 0. Default `two-sided`. */
  readonly alternative?: Alternative | undefined;
}

export interface SignTestResult {
  /** How many differences are above 0. */
  readonly statistic: number;
  readonly pValue: number;
  /** How many differences are not 0. */
  readonly size: number;
  readonly alternative: Alternative;
}

/**
 * The sign test of paired differences.
 *
 * **Hypothesis**: a difference is as often above 0 as below; differences of 0 are left out, and if
 * nothing is left the p-value is 1. Exact. SciPy: `scipy.stats.binomtest(above, size, 0.5)`.
 *
 * @throws {@link InvalidArgumentError} for no differences, NaN, or an unknown option.
 */
export function signTest(differences: Sample, options: SignTestOptions = {}): SignTestResult {
  const { alternative = "two-sided" } = options;
  checkAlternative(alternative);
  const values = copySample("differences", differences);
  let above = 0;
  let below = 0;
  for (const value of values) {
    above += Number(value > 0);
    below += Number(value < 0);
  }
  const size = above + below;
  // By symmetry P(X ≥ above) is P(X ≤ below).
  const extreme = alternative === "greater" ? below : alternative === "less" ? above : Math.min(above, below);
  const tail = binomialCdf(extreme, size, 0.5);
  return Object.freeze({
    statistic: above,
    pValue: Math.min(1, alternative === "two-sided" ? 2 * tail : tail),
    size,
    alternative,
  });
}
