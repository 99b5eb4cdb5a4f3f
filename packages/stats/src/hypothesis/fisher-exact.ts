import { checkCount } from "../arguments/check-number.ts";
import {
  hypergeometricCdf,
  type HypergeometricParameters,
  hypergeometricSf,
  hypergeometricTerm,
} from "../distributions/hypergeometric.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { type Alternative, checkAlternative } from "./alternative.ts";

/** Two rows of two counts. */
export type TwoByTwoTable = readonly [readonly [number, number], readonly [number, number]];

export interface FisherExactOptions {
  /** `greater`: an odds ratio above 1. Default `two-sided`. */
  readonly alternative?: Alternative | undefined;
}

export interface FisherExactResult {
  /** The sample's odds ratio `ad/(bc)`; Infinity if only `bc` is 0, undefined if both products are. */
  readonly oddsRatio: number | undefined;
  readonly pValue: number;
  readonly alternative: Alternative;
}

/**
 * Fisher's exact test of a table of two by two counts.
 *
 * **Hypothesis**: the odds ratio is 1, given all row and column sums. **p-value**: the chance of
 * tables with those sums that are at most as likely as the observed one (two-sided, as R and SciPy),
 * or that have at least or at most its first count. Tables that are exactly as likely are told
 * from those that are nearly so by whole numbers. Relative error below 1e-11 for counts to 1e6.
 *
 * SciPy: `scipy.stats.fisher_exact`.
 *
 * @example
 * ```ts
 * fisherExact([[8, 2], [1, 5]]).pValue; // 0.034965034965034965
 * ```
 *
 * @throws {@link InvalidArgumentError} unless the counts are whole numbers of at least 0.
 */
export function fisherExact(table: TwoByTwoTable, options: FisherExactOptions = {}): FisherExactResult {
  const { alternative = "two-sided" } = options;
  checkAlternative(alternative);
  if (
    !(
      Array.isArray(table) &&
      table.length === 2 &&
      table.every((row) => Array.isArray(row) && row.length === 2)
    )
  ) {
    throw new InvalidArgumentError("table is not two rows of two counts; pass [[a, b], [c, d]].", {
      argument: "table",
    });
  }
  const [[a, b], [c, d]] = table;
  [a, b, c, d].forEach((count, i) => checkCount(`table[${i >> 1}][${i % 2}]`, count));
  const urn = { population: a + b + c + d, successes: a + b, draws: a + c };
  checkCount("table's sum", urn.population);
  const undefinedOdds = a * d === 0 && b * c === 0;
  return Object.freeze({
    oddsRatio: undefinedOdds ? undefined : (a / b) * (d / c),
    pValue: probability(a, urn, alternative),
    alternative,
  });
}

function probability(observed: number, urn: HypergeometricParameters, alternative: Alternative): number {
  if (alternative === "less") return hypergeometricCdf(observed, urn);
  if (alternative === "greater") return hypergeometricSf(observed - 1, urn);
  const { population, successes, draws } = urn;
  const minimum = Math.max(0, draws - (population - successes));
  const maximum = Math.min(draws, successes);
  const mode = Math.floor(((draws + 1) / (population + 2)) * (successes + 1));
  const isAsRare = rarerThan(observed, urn);
  if (observed <= mode) {
    // The chances fall beyond the mode: find where they are as small as the observed one again.
    const far = firstThat(mode, maximum + 1, (count) => count > maximum || isAsRare(count));
    return far <= observed
      ? 1
      : Math.min(1, hypergeometricCdf(observed, urn) + hypergeometricSf(far - 1, urn));
  }
  const near = firstThat(-mode, -minimum + 1, (negated) => -negated < minimum || isAsRare(-negated));
  return Math.min(1, hypergeometricSf(observed - 1, urn) + hypergeometricCdf(-near, urn));
}

/** The first whole number from `low` to `high` for which a condition, once true, stays true. */
function firstThat(low: number, high: number, condition: (value: number) => boolean): number {
  let from = low;
  let to = high;
  while (from < to) {
    const middle = from + Math.floor((to - from) / 2);
    if (condition(middle)) to = middle;
    else from = middle + 1;
  }
  return to;
}

/** Whether a count is at most as likely as the observed one. */
function rarerThan(observed: number, urn: HypergeometricParameters): (count: number) => boolean {
  const wanted = hypergeometricTerm(observed, urn);
  return (count) => {
    if (count === observed) return true;
    const term = hypergeometricTerm(count, urn);
    if (Math.abs(term - wanted) > 1e-9 * wanted) return term < wanted;
    return Math.abs(count - observed) > longestProduct
      ? term <= wanted
      : isAtMostAsLikely(count, observed, urn);
  };
}

/** Compares two chances by whole numbers: their quotient is a product of one factor for each step. */
function isAtMostAsLikely(count: number, observed: number, urn: HypergeometricParameters): boolean {
  const { population, successes, draws } = urn;
  const failures = population - successes;
  let upper = 1n;
  let lower = 1n;
  for (let k = Math.min(count, observed); k < Math.max(count, observed); k++) {
    upper *= BigInt(successes - k) * BigInt(draws - k);
    lower *= BigInt(k + 1) * BigInt(failures - draws + k + 1);
  }
  return count > observed ? upper <= lower : lower <= upper;
}

/** Beyond this many factors the whole numbers would be slow; the doubles decide. */
const longestProduct = 5_000;
