import { copySample, type Sample } from "../arguments/sample.ts";
import { normalSf } from "../distributions/normal.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { midranks } from "../sorting/midranks.ts";
import { type Alternative, checkAlternative, checkMethod, type Method } from "./alternative.ts";
import { rankSumSf } from "./rank-sum-distribution.ts";

export interface MannWhitneyUOptions {
  /** `greater`: the first sample tends to have the larger values. Default `two-sided`. */
  readonly alternative?: Alternative | undefined;
  /** Default `auto`: exact where no value repeats and one sample has at most 8. */
  readonly method?: Method | "auto" | undefined;
  /** Whether the asymptotic method moves U half a step towards its mean. Default true. */
  readonly continuityCorrection?: boolean | undefined;
}

export interface MannWhitneyUResult {
  /** How many pairs have the larger value in the first sample; a tied pair is a half. */
  readonly statistic: number;
  readonly pValue: number;
  readonly method: Method;
  readonly alternative: Alternative;
  /** `U / (n₁·n₂)`: the chance that a value of the first sample is the larger one of a pair. */
  readonly effectSize: number;
}

/**
 * The Mann-Whitney U test, also known as Wilcoxon's rank-sum test.
 *
 * **Hypothesis**: both samples come from one distribution; it is sensitive to one of them having
 * larger values. Infinities are values like others.
 *
 * **Method**: `exact` counts the orders of distinct values to a relative error below 1e-12 (some
 * n₁·n₂·min(n₁, n₂) steps); `asymptotic` is the normal limit with its variance corrected for ties.
 * Where all values are equal, the p-value is 1.
 *
 * SciPy: `scipy.stats.mannwhitneyu`. Source: H. B. Mann and D. R. Whitney 1947.
 *
 * @throws {@link InvalidArgumentError} for an empty sample, NaN, an unknown option, or ties with the
 *   exact method.
 */
export function mannWhitneyU(
  first: Sample,
  second: Sample,
  options: MannWhitneyUOptions = {},
): MannWhitneyUResult {
  const { alternative = "two-sided", method = "auto", continuityCorrection = true } = options;
  checkAlternative(alternative);
  checkMethod(method);
  const x = copySample("first", first);
  const y = copySample("second", second);
  const n = x.length;
  const m = y.length;
  const pooled = new Float64Array(n + m);
  pooled.set(x);
  pooled.set(y, n);
  const { ranks, tieTerm } = midranks(pooled);
  let rankSum = 0;
  for (let i = 0; i < n; i++) rankSum += ranks[i] ?? 0;
  const u = rankSum - (n * (n + 1)) / 2;
  const chosen = method === "auto" ? (tieTerm === 0 && Math.min(n, m) <= 8 ? "exact" : "asymptotic") : method;
  if (chosen === "exact" && tieTerm > 0) {
    throw new InvalidArgumentError(
      `options.method is "exact", but values repeat among the two samples; pass "asymptotic".`,
      { argument: "options.method" },
    );
  }
  const extreme = alternative === "greater" ? u : alternative === "less" ? n * m - u : Math.max(u, n * m - u);
  const tail =
    chosen === "exact"
      ? rankSumSf(extreme, n, m)
      : asymptoticSf(extreme, n, m, tieTerm, continuityCorrection ? 0.5 : 0);
  return Object.freeze({
    statistic: u,
    pValue: Math.min(1, alternative === "two-sided" ? 2 * tail : tail),
    method: chosen,
    alternative,
    effectSize: u / n / m,
  });
}

function asymptoticSf(u: number, n: number, m: number, tieTerm: number, correction: number): number {
  const total = n + m;
  const variance = ((n * m) / 12) * (total + 1 - tieTerm / total / (total - 1));
  // All values equal, but for rounding: nothing speaks against the hypothesis.
  if (!(variance > 1e-10 * n * m)) return 1;
  return normalSf((u - (n * m) / 2 - correction) / Math.sqrt(variance));
}
