import { checkChoice } from "../arguments/check-number.ts";
import { copySample, type Sample } from "../arguments/sample.ts";
import { normalSf } from "../distributions/normal.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { midranks } from "../sorting/midranks.ts";
import { type Alternative, checkAlternative, checkMethod, type Method } from "./alternative.ts";

export interface WilcoxonOptions {
  /** `greater`: the differences tend to be above 0. Default `two-sided`. */
  readonly alternative?: Alternative | undefined;
  /** Default `auto`: exact for at most 50 differences. */
  readonly method?: Method | "auto" | undefined;
  /**
   * Differences of 0: `drop` them (SciPy's `wilcox`), rank them and drop their ranks (`pratt`), or
   * share their ranks between both signs (`split`, SciPy's `zsplit`). Default `drop`.
   */
  readonly zeros?: "drop" | "pratt" | "split" | undefined;
  /** Whether the asymptotic method moves the statistic half a rank towards its mean. Default false. */
  readonly continuityCorrection?: boolean | undefined;
}

export interface WilcoxonResult {
  /** The rank sum of the differences above 0; two-sided the smaller of the two rank sums. */
  readonly statistic: number;
  readonly pValue: number;
  readonly method: Method;
  readonly alternative: Alternative;
}

/**
 * Wilcoxon's signed-rank test of paired differences.
 *
 * **Hypothesis**: the differences are symmetric around 0. **Method**: `exact` counts all signs of the
 * ranks found, so ties and zeros are exact too; `asymptotic` is the normal limit with its variance
 * corrected for both. If all differences are 0, the p-value is 1.
 *
 * SciPy: `scipy.stats.wilcoxon`, which by default is exact with ties or zeros only up to 13
 * differences. Source: F. Wilcoxon 1945; J. W. Pratt 1959.
 *
 * @throws {@link InvalidArgumentError} for no differences, NaN, an unknown option, or more than 1,000
 *   differences with the exact method.
 */
export function wilcoxonSignedRank(differences: Sample, options: WilcoxonOptions = {}): WilcoxonResult {
  const {
    alternative = "two-sided",
    method = "auto",
    zeros = "drop",
    continuityCorrection = false,
  } = options;
  checkAlternative(alternative);
  checkMethod(method);
  checkChoice("options.zeros", zeros, ["drop", "pratt", "split"]);
  const all = copySample("differences", differences);
  const values = zeros === "drop" ? all.filter((value) => value !== 0) : all;
  const chosen = method === "auto" ? (values.length <= 50 ? "exact" : "asymptotic") : method;
  if (chosen === "exact" && values.length > largestExact) {
    throw new InvalidArgumentError(
      `options.method is "exact" for ${values.length} differences; pass "asymptotic" above ${largestExact}.`,
      { argument: "options.method" },
    );
  }
  const ranked = signedRanks(values, zeros);
  const { above, below } = ranked;
  const tail =
    chosen === "exact"
      ? (sum: number) => exactSf(sum, ranked)
      : (sum: number) => asymptoticSf(sum, ranked, continuityCorrection ? 0.5 : 0);
  const pValue =
    alternative === "two-sided"
      ? Math.min(1, 2 * tail(Math.max(above, below)))
      : tail(alternative === "greater" ? above : below);
  return Object.freeze({
    statistic: alternative === "two-sided" ? Math.min(above, below) : above,
    pValue,
    method: chosen,
    alternative,
  });
}

const largestExact = 1_000;

interface SignedRanks {
  readonly above: number;
  readonly below: number;
  /** The ranks of the differences that are not 0. */
  readonly ranks: Float64Array;
  /** `Σ (t³ - t)` over ties, as it enters the variance. */
  readonly tieTerm: number;
  readonly size: number;
  /** How many ranks the variance leaves out. */
  readonly dropped: number;
  /** What zeros add to each side. */
  readonly shared: number;
}

function signedRanks(values: Float64Array, zeros: "drop" | "pratt" | "split"): SignedRanks {
  const { ranks, tieTerm } = midranks(values.map(Math.abs));
  let above = 0;
  let below = 0;
  let zero = 0;
  let shared = 0;
  values.forEach((value, i) => {
    const rank = ranks[i] ?? 0;
    if (value > 0) above += rank;
    else if (value < 0) below += rank;
    else {
      zero += 1;
      if (zeros === "split") shared += rank / 2;
    }
  });
  return {
    above: above + shared,
    below: below + shared,
    ranks: ranks.filter((_, i) => values[i] !== 0),
    tieTerm: zeros === "pratt" ? tieTerm - zero * (zero * zero - 1) : tieTerm,
    size: values.length,
    dropped: zeros === "pratt" ? zero : 0,
    shared,
  };
}

/** P(rank sum ≥ sum) over all signs. Twice a midrank is whole, so the sums are counted in halves. */
function exactSf(sum: number, { ranks, shared }: SignedRanks): number {
  const doubled = ranks.map((rank) => 2 * rank);
  const total = doubled.reduce((a, b) => a + b, 0);
  const needed = Math.ceil(2 * (sum - shared));
  const chances = new Float64Array(total + 1);
  chances[0] = 1;
  let reached = 0;
  for (const rank of doubled) {
    for (let k = reached; k >= 0; k--) {
      const half = (chances[k] ?? 0) / 2;
      chances[k] = half;
      chances[k + rank] = (chances[k + rank] ?? 0) + half;
    }
    reached += rank;
  }
  let tail = 0;
  for (let k = total; k >= Math.max(0, needed); k--) tail += chances[k] ?? 0;
  return Math.min(1, tail);
}

function asymptoticSf(sum: number, { size, dropped, tieTerm }: SignedRanks, correction: number): number {
  const cubes = (n: number) => n * (n + 1) * (2 * n + 1);
  const mean = (size * (size + 1) - dropped * (dropped + 1)) / 4;
  const variance = (cubes(size) - cubes(dropped) - tieTerm / 2) / 24;
  if (!(variance > 0)) return 1;
  return normalSf((sum - mean - correction) / Math.sqrt(variance));
}
