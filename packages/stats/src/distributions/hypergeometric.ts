import { checkCount, checkNumber } from "../arguments/check-number.ts";
import { type Tails, tailsFromLower, tailsFromUpper } from "../special/tails.ts";
import { binomialTerm } from "./binomial.ts";

/** An urn, and how many are drawn from it without putting back. */
export interface HypergeometricParameters {
  /** How many there are. SciPy's `M`. */
  readonly population: number;
  /** How many of them count as successes. SciPy's `n`. */
  readonly successes: number;
  /** How many are drawn. SciPy's `N`. */
  readonly draws: number;
}

/**
 * The probability that exactly `count` of the drawn are successes. SciPy: `scipy.stats.hypergeom.pmf`.
 *
 * @throws {@link InvalidArgumentError} unless all are counts, and successes and draws at most the population.
 */
export function hypergeometricPmf(count: number, parameters: HypergeometricParameters): number {
  checkCount("count", count);
  check(parameters);
  return hypergeometricTerm(count, parameters);
}

/**
 * P(X ≤ count). `count` may be any number; the count is its whole part.
 * SciPy: `scipy.stats.hypergeom.cdf`.
 *
 * @throws {@link InvalidArgumentError} for NaN, or parameters that are not as described.
 */
export function hypergeometricCdf(count: number, parameters: HypergeometricParameters): number {
  return hypergeometricTails(count, parameters).lower;
}

/**
 * P(X > count), with its digits kept in the tail. SciPy: `scipy.stats.hypergeom.sf`.
 *
 * @throws {@link InvalidArgumentError} for NaN, or parameters that are not as described.
 */
export function hypergeometricSf(count: number, parameters: HypergeometricParameters): number {
  return hypergeometricTails(count, parameters).upper;
}

/** The mass at `count`, from three binomial masses; C. Loader 2000. */
export function hypergeometricTerm(count: number, parameters: HypergeometricParameters): number {
  const { population, successes, draws } = parameters;
  const failures = population - successes;
  if (count < Math.max(0, draws - failures) || count > Math.min(draws, successes)) return 0;
  const p = draws / population;
  const q = (population - draws) / population;
  if (draws === 0 || draws === population) return 1;
  return (
    (binomialTerm(count, successes, p, q) / binomialTerm(draws, population, p, q)) *
    binomialTerm(draws - count, failures, p, q)
  );
}

function hypergeometricTails(count: number, parameters: HypergeometricParameters): Tails {
  checkNumber("count", count);
  check(parameters);
  const { population, successes, draws } = parameters;
  const failures = population - successes;
  const minimum = Math.max(0, draws - failures);
  const maximum = Math.min(draws, successes);
  const whole = Math.floor(count);
  if (whole < minimum) return tailsFromLower(0);
  if (whole >= maximum) return tailsFromUpper(0);
  // Sum the side away from the mean, outwards, until what is left does not show.
  const below = whole <= (draws / population) * successes;
  let k = below ? whole : whole + 1;
  let term = hypergeometricTerm(k, parameters);
  let sum = 0;
  while (term > 0) {
    const next = sum + term;
    if (next === sum) break;
    sum = next;
    if (below) {
      term *= (k / (successes - k + 1)) * ((failures - draws + k) / (draws - k + 1));
      k -= 1;
    } else {
      term *= ((successes - k) / (k + 1)) * ((draws - k) / (failures - draws + k + 1));
      k += 1;
    }
  }
  return below ? tailsFromLower(Math.min(1, sum)) : tailsFromUpper(Math.min(1, sum));
}

function check({ population, successes, draws }: HypergeometricParameters): void {
  checkCount("parameters.population", population);
  checkCount("parameters.successes", successes, 0, population);
  checkCount("parameters.draws", draws, 0, population);
}
