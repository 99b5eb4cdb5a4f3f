import { chiSquaredSf, chiSquaredUpperQuantile } from "../distributions/chi-squared.ts";
import { checkParameter, checkPositive, checkCount } from "../arguments/check-number.ts";

/** The divergences whose null distribution {@link divergenceNullLaw} knows. */
export type DivergenceName =
  | "populationStabilityIndex"
  | "klDivergence"
  | "jensenShannonDivergence"
  | "hellingerDistanceSquared"
  | "bhattacharyyaDistance"
  | "chiSquareDistance";

/** What {@link divergenceNullLaw} needs to know about the comparison. */
export interface NullLawSizes {
  /** How many cells are not empty in both samples; at least 2. */
  readonly cells: number;
  /** Rows of the first sample; for weighted rows their effective number (Σw)² / Σw². Above 0. */
  readonly n: number;
  /** Rows of the second sample, likewise; `Infinity` for shares that are known without error. */
  readonly m: number;
}

/** How a divergence is distributed where nothing has changed: `scale` times a chi-square variable. */
export interface DivergenceNullLaw {
  /** What the chi-square variable is multiplied by. */
  readonly scale: number;
  /** cells - 1. */
  readonly degreesOfFreedom: number;
  /** scale · degreesOfFreedom. */
  readonly mean: number;
  readonly variance: number;
  /** The value that is exceeded with probability `alpha`, in (0, 1): a calibrated threshold. */
  threshold(alpha: number): number;
  /** How likely a divergence of at least `value` is. */
  pValue(value: number): number;
}

/**
 * The distribution of a divergence between two samples of one and the same distribution: what
 * sampling alone gives. To first order it is
 *
 *     curvature · (1/n + 1/m) · χ²(cells - 1)
 *
 * with curvature 1 for PSI, 1/2 for KL (nats), 1/(8 ln 2) for Jensen-Shannon (base 2), 1/8 for the
 * squared Hellinger distance and Bhattacharyya's, 1/4 for the chi-square distance. Good where
 * every cell expects about five rows or more on both sides: merge the rare ones first.
 *
 * Yurdakul, "Statistical properties of population stability index", Western Michigan University
 * (2018), for PSI; the others follow in the same way from the second derivative of each at 1.
 *
 * @throws InvalidArgumentError for sizes outside their ranges.
 *
 * @example
 * ```ts
 * const law = divergenceNullLaw("populationStabilityIndex", { cells: 10, n: 5000, m: 100 });
 * law.mean; //=> 0.0918
 * law.threshold(0.05); //=> 0.1725735715671286
 * ```
 */
export function divergenceNullLaw(divergence: DivergenceName, sizes: NullLawSizes): DivergenceNullLaw {
  checkCount("sizes.cells", sizes.cells, 2);
  checkPositive("sizes.n", sizes.n);
  if (sizes.m !== Infinity) checkPositive("sizes.m", sizes.m);
  const degreesOfFreedom = sizes.cells - 1;
  const scale = curvatures[divergence] * (1 / sizes.n + 1 / sizes.m);
  return {
    scale,
    degreesOfFreedom,
    mean: scale * degreesOfFreedom,
    variance: 2 * scale * scale * degreesOfFreedom,
    threshold(alpha: number): number {
      checkParameter("alpha", alpha, alpha > 0 && alpha < 1, "a number between 0 and 1");
      return scale * chiSquaredUpperQuantile(alpha, degreesOfFreedom);
    },
    pValue: (value: number): number => chiSquaredSf(value / scale, degreesOfFreedom),
  };
}

const curvatures: Readonly<Record<DivergenceName, number>> = {
  populationStabilityIndex: 1,
  klDivergence: 1 / 2,
  jensenShannonDivergence: 1 / 8 / Math.LN2,
  hellingerDistanceSquared: 1 / 8,
  bhattacharyyaDistance: 1 / 8,
  chiSquareDistance: 1 / 4,
};
