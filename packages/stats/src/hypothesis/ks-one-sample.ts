import { copySample, type Sample } from "../arguments/sample.ts";
import { kolmogorovOneSampleSf, kolmogorovOneSidedSf } from "../distributions/kolmogorov-one-sample.ts";
import { kolmogorovSf } from "../distributions/kolmogorov.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { sortFloats } from "../sorting/sort-floats.ts";
import { type Alternative, checkAlternative, checkMethod, type Method } from "./alternative.ts";

export interface KsOneSampleOptions {
  /** `greater` looks only for an empirical distribution function above the given one. Default `two-sided`. */
  readonly alternative?: Alternative | undefined;
  /** Default `auto`, which is `exact` for every size. */
  readonly method?: Method | "auto" | undefined;
}

export interface KsOneSampleResult {
  /** The largest distance between the empirical and the given distribution function, from 0 to 1. */
  readonly statistic: number;
  readonly pValue: number;
  readonly method: Method;
  readonly alternative: Alternative;
  /** The value beside which the distance is reached. */
  readonly location: number;
  /** 1 if the empirical distribution function is the upper one there, else -1. */
  readonly sign: 1 | -1;
}

/**
 * The one-sample Kolmogorov-Smirnov test.
 *
 * **Hypothesis**: the sample comes from the continuous distribution whose distribution function is
 * `cdf`, with nothing in it estimated from the same sample. **Statistic**: the largest distance
 * between the empirical and the given distribution function.
 *
 * **Method**: `exact` is the law of the distance at the sample's size (its error: see
 * {@link kolmogorovOneSampleSf}), `asymptotic` its limit for large samples.
 *
 * SciPy: `scipy.stats.ks_1samp`, whose exact p-values are off by up to 1.1e-5 from n = 140.
 *
 * @throws {@link InvalidArgumentError} for an empty sample, NaN, an unknown option, or where `cdf`
 *   gives what is no probability.
 */
export function ksOneSample(
  sample: Sample,
  cdf: (value: number) => number,
  options: KsOneSampleOptions = {},
): KsOneSampleResult {
  const { alternative = "two-sided", method = "auto" } = options;
  checkAlternative(alternative);
  checkMethod(method);
  const sorted = sortFloats(copySample("sample", sample));
  const n = sorted.length;
  let above = Number.NEGATIVE_INFINITY;
  let aboveAt = 0;
  let below = Number.NEGATIVE_INFINITY;
  let belowAt = 0;
  for (let i = 0; i < n; i++) {
    const value = sorted[i] ?? 0;
    const probability = cdf(value);
    if (!(probability >= 0 && probability <= 1)) refuseCdf(value, probability);
    if ((i + 1) / n - probability > above) {
      above = (i + 1) / n - probability;
      aboveAt = value;
    }
    if (probability - i / n > below) {
      below = probability - i / n;
      belowAt = value;
    }
  }
  const sign = alternative === "less" || (alternative === "two-sided" && below >= above) ? -1 : 1;
  const statistic = Math.max(0, sign === 1 ? above : below);
  const chosen = method === "auto" ? "exact" : method;
  return Object.freeze({
    statistic,
    pValue: probabilityOf(statistic, n, alternative === "two-sided", chosen),
    method: chosen,
    alternative,
    location: sign === 1 ? aboveAt : belowAt,
    sign,
  });
}

function probabilityOf(statistic: number, n: number, twoSided: boolean, method: Method): number {
  if (method === "exact") {
    return twoSided ? kolmogorovOneSampleSf(statistic, n) : kolmogorovOneSidedSf(statistic, n);
  }
  return twoSided ? kolmogorovSf(statistic * Math.sqrt(n)) : Math.exp(-2 * n * statistic * statistic);
}

function refuseCdf(value: number, probability: number): never {
  throw new InvalidArgumentError(
    `cdf(${value}) is ${String(probability)}; pass a distribution function, with values in [0, 1].`,
    { argument: "cdf" },
  );
}
