import {
  checkFiniteValues,
  checkOpenProbability,
  checkSameLength,
  type Numbers,
} from "../arguments/check-sample.ts";
import { mean, sum } from "../descriptive/sum.ts";
import { linearQuantile } from "../descriptive/quantile.ts";
import type { Estimate } from "../intervals/interval.ts";
import { quantileRanks } from "../intervals/quantile-interval.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { normalMeasured, type Measured } from "./delta-method.ts";
import { meanLoss } from "./mean-loss.ts";

export interface RegressionQuality {
  readonly rows: number;
  readonly confidence: number;
  /** Mean of |predicted - actual|. Student's interval. */
  readonly meanAbsoluteError: Measured;
  /** Median of |predicted - actual|. Interval by order statistics, exact for any distribution. */
  readonly medianAbsoluteError: Measured;
  /** Mean of (predicted - actual)². Student's interval. */
  readonly meanSquaredError: Measured;
  /** Root of the mean squared error, and of its interval. */
  readonly rootMeanSquaredError: Measured;
  /** Mean of predicted - actual: above 0 where the model predicts too much. Student's interval. */
  readonly bias: Measured;
  /**
   * 1 - squared errors / squared distances from the mean: 1 is perfect, 0 is as good as the mean. Delta
   * method. Undefined where all actual values are the same.
   */
  readonly r2: Measured | undefined;
  /**
   * Mean of |predicted - actual| / |actual| over the rows where actual is not 0, as a fraction; undefined
   * where it is 0 in every row. Student's interval.
   */
  readonly meanAbsolutePercentageError: Measured | undefined;
  /** How many rows the percentage error leaves out because their actual value is 0. */
  readonly zeroActuals: number;
}

/**
 * How far predicted numbers are from the actual ones, each measure with its interval.
 *
 * Agrees with scikit-learn 1.9, except for the percentage error where an actual value is 0:
 * scikit-learn divides by 2.2e-16 there, which lets one row decide; here such rows are left out and counted.
 * The interval of r² treats both sums of squares as random; it is symmetric, and approximate below about
 * 50 rows.
 *
 * @example
 * regressionQuality([3, 5, 2, 7], [2.5, 5, 2, 8]).meanAbsoluteError.value; // 0.375
 */
export function regressionQuality(
  actual: Numbers,
  predicted: Numbers,
  { confidence = 0.95 }: { readonly confidence?: number } = {},
): RegressionQuality {
  const errors = differences(actual, predicted);
  checkOpenProbability("confidence", confidence);
  const absolute = errors.map(Math.abs);
  const squared = errors.map((error) => error * error);
  const options = { confidence };
  const relative = absolute
    .map((error, row) => error / Math.abs(actual[row] ?? 0))
    .filter((_, row) => actual[row] !== 0);
  const meanSquaredError = meanLoss(squared, options);
  return {
    rows: errors.length,
    confidence,
    meanAbsoluteError: measuredOf(meanLoss(absolute, options)),
    medianAbsoluteError: median(absolute, confidence),
    meanSquaredError: measuredOf(meanSquaredError),
    rootMeanSquaredError: root(meanSquaredError),
    bias: measuredOf(meanLoss(errors, options)),
    r2: r2(actual, squared, confidence),
    meanAbsolutePercentageError: relative.length === 0 ? undefined : measuredOf(meanLoss(relative, options)),
    zeroActuals: errors.length - relative.length,
  };
}

/**
 * The pinball loss of predictions of a quantile: mean of max(p · (actual - predicted),
 * (1 - p) · (predicted - actual)). It is least for the true quantile. Agrees with scikit-learn's
 * `mean_pinball_loss`.
 *
 * @param options.probability Of the quantile that is predicted, above 0 and below 1.
 */
export function quantileLoss(
  actual: Numbers,
  predicted: Numbers,
  { probability, confidence = 0.95 }: { readonly probability: number; readonly confidence?: number },
): Measured {
  checkOpenProbability("probability", probability);
  const losses = differences(actual, predicted).map((error) =>
    error < 0 ? -error * probability : error * (1 - probability),
  );
  return measuredOf(meanLoss(losses, { confidence }));
}

function differences(actual: Numbers, predicted: Numbers): Float64Array {
  checkFiniteValues("actual", actual);
  checkFiniteValues("predicted", predicted);
  checkSameLength("predicted", predicted, "actual", actual);
  return Float64Array.from(predicted, (value, row) => {
    const error = value - (actual[row] ?? 0);
    if (Number.isFinite(error * error)) return error;
    throw new InvalidArgumentError(
      `predicted[${row}] - actual[${row}] is ${error}, whose square is beyond 1.8e308. Scale the values down.`,
      { argument: `predicted[${row}]` },
    );
  });
}

function measuredOf({ value, interval }: Measured): Measured {
  return { value, interval };
}

function root({ value, interval }: Measured): Measured {
  if (interval === undefined) return { value: Math.sqrt(value), interval };
  const estimate = Math.sqrt(value);
  const lower = Math.sqrt(Math.max(interval.lower, 0));
  return {
    value: estimate,
    interval: { estimate, lower, upper: Math.sqrt(interval.upper), confidence: interval.confidence },
  };
}

function median(values: Float64Array, confidence: number): Measured {
  const sorted = values.slice().sort();
  const value = linearQuantile(sorted, 0.5);
  const { lowerRank, upperRank } = quantileRanks(sorted.length, { probability: 0.5, confidence });
  if (lowerRank === undefined || upperRank === undefined) return { value, interval: undefined };
  const interval: Estimate = {
    estimate: value,
    lower: sorted[lowerRank - 1] ?? value,
    upper: sorted[upperRank - 1] ?? value,
    confidence,
  };
  return { value, interval };
}

function r2(actual: Numbers, squared: Float64Array, confidence: number): Measured | undefined {
  const centre = mean(actual);
  const distances = Float64Array.from(actual, (value) => (value - centre) ** 2);
  const total = sum(distances);
  if (total === 0) return undefined;
  const unexplained = sum(squared) / total;
  // Influence of each row on the ratio of two means.
  const influences = squared.map((value, row) => value - unexplained * (distances[row] ?? 0));
  const standardError = Math.sqrt(sum(influences.map((value) => value * value))) / total;
  return normalMeasured(1 - unexplained, standardError, confidence, [-Infinity, 1]);
}
