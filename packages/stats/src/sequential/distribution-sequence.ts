import { checkOpenProbability } from "../arguments/check-sample.ts";
import { checkCount } from "../arguments/check-number.ts";
import { bisect } from "../numeric/bisect.ts";

export interface DistributionSequenceOptions {
  /** How often the margin may ever be exceeded, above 0 and below 1; 0.05 by default. */
  readonly alpha?: number;
  /** The number of values from which on it holds, at least 1; 1 by default. Fix it before looking. */
  readonly from?: number;
}

/**
 * How far the observed distribution function can be from the true one, for all values and at all looks
 * together: the chance that sup |F_n - F| > margin for any n >= `from` is at most `alpha`. All quantiles
 * at once follow from it: q(p) lies between the sample's quantiles at p - margin and p + margin.
 *
 * The iterated-logarithm bound of Howard and Ramdas 2022, theorem 2, with A = 0.85:
 * 0.85 · √((ln(1 + ln(n / from)) + C) / n), with C from `alpha`. Agrees with `confseq`. For one quantile
 * {@link quantileSequenceRanks} is tighter.
 *
 * @throws {@link InvalidArgumentError} for a `count` below `from`.
 *
 * @example
 * distributionSequenceMargin(1000, { from: 100 }); // 0.08204…
 */
export function distributionSequenceMargin(
  count: number,
  { alpha = 0.05, from = 1 }: DistributionSequenceOptions = {},
): number {
  checkOpenProbability("alpha", alpha);
  checkCount("from", from, 1);
  checkCount("count", count, from);
  // Neither bound is ever above 1: two distribution functions are not farther apart.
  const iterated = Math.log1p(Math.log(count / from));
  return Math.min(factor * Math.sqrt((iterated + additive(alpha)) / count), 1);
}

const factor = 0.85;

/** The least C for which theorem 2 bounds the chance of an excess by `alpha`. */
function additive(alpha: number): number {
  return bisect((candidate) => excessChance(candidate) > alpha, 0, 10 - 10 * Math.log(alpha));
}

/** The least over η in (1, 2A²) of 4 exp(-γ²C) (1 + 1 / ((γ² - 1) ln η)), γ = √(2/η) (A - √(2(η - 1)/C)). */
function excessChance(additiveTerm: number): number {
  const chance = (eta: number): number => {
    const gamma = Math.sqrt(2 / eta) * (factor - Math.sqrt((2 * (eta - 1)) / additiveTerm));
    if (gamma <= 1) return Infinity;
    return 4 * Math.exp(-gamma * gamma * additiveTerm) * (1 + 1 / ((gamma * gamma - 1) * Math.log(eta)));
  };
  // Golden-section search: the chance falls and then rises. Infinite beyond the root of γ = 1.
  const ratio = (Math.sqrt(5) - 1) / 2;
  let low = 1;
  let high = 2 * factor * factor;
  for (let step = 0; step < 50; step += 1) {
    const left = high - ratio * (high - low);
    const right = low + ratio * (high - low);
    if (chance(left) <= chance(right)) high = right;
    else low = left;
  }
  return chance((low + high) / 2);
}
