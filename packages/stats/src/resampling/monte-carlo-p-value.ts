import { checkFinite, checkCount } from "../arguments/check-number.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";

export interface MonteCarloOptions {
  /** The most values to draw under the null hypothesis; 9,999 by default. */
  readonly resamples?: number;
  /**
   * Stop once this many drawn values were at least as extreme as the observed one. Without it, all are
   * drawn. 10 makes a p-value near 0.5 cost about twenty draws instead of thousands.
   */
  readonly stopAfter?: number;
}

export interface MonteCarloPValue {
  readonly pValue: number;
  /** How many values were drawn. */
  readonly drawn: number;
  /** How many of them were at least as extreme as the observed one. */
  readonly asExtreme: number;
  /** Whether drawing ended early because `stopAfter` was reached. */
  readonly stoppedEarly: boolean;
}

/**
 * The p-value of an observed statistic against values drawn under the null hypothesis, where large
 * means extreme. It is valid, P(p <= x) <= x under the hypothesis for every x, because the observed
 * value counts as one of the draws; a plain share of draws is not, and can be 0.
 *
 * With h = `stopAfter`, m = `resamples`:
 * - h reached at draw l <= m: p = h / l (Besag and Clifford 1991, "Sequential Monte Carlo p-values");
 * - else, with g draws as extreme: p = (g + 1) / (m + 1).
 *
 * Values that differ from `observed` by less than 1e-14 of it count as equal, so that a statistic summed
 * in another order is a tie.
 *
 * @param observed The statistic of the data.
 * @param draw Gives the statistic of one more data set in which the hypothesis holds.
 */
export function monteCarloPValue(
  observed: number,
  draw: () => number,
  { resamples = 9_999, stopAfter }: MonteCarloOptions = {},
): MonteCarloPValue {
  checkFinite("observed", observed);
  checkCount("resamples", resamples, 1);
  if (stopAfter !== undefined) checkCount("stopAfter", stopAfter, 1);
  const isAsExtreme = atLeast(observed);
  let asExtreme = 0;
  for (let drawn = 1; drawn <= resamples; drawn += 1) {
    if (isAsExtreme(draw())) asExtreme += 1;
    if (asExtreme === stopAfter) return { pValue: asExtreme / drawn, drawn, asExtreme, stoppedEarly: true };
  }
  return { pValue: (asExtreme + 1) / (resamples + 1), drawn: resamples, asExtreme, stoppedEarly: false };
}

/** Whether a statistic is at least `observed`, give or take rounding. NaN is refused. */
export function atLeast(observed: number): (value: number) => boolean {
  const least = observed - Math.abs(observed) * 1e-14;
  return (value) => {
    if (!Number.isNaN(value)) return value >= least;
    throw new InvalidArgumentError(
      "The statistic of a resample is NaN. Use a statistic that is defined for every resample.",
      { argument: "statistic" },
    );
  };
}
