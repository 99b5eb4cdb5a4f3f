import { createRandom, normalQuantile } from "@mlops/stats";

import { checkNames, checkOption } from "../detectors/check-options.ts";
import { InvalidDataError } from "../errors/invalid-data-error.ts";
import type { QualityEstimate } from "./classification-estimator.ts";
import { BinnedFeatures, LossModel } from "./loss-model.ts";

/** What a regression model saw and said. */
export interface RegressorOutputs {
  /** One array for each feature, with a finite number for every row. */
  readonly features: readonly ArrayLike<number>[];
  readonly predicted: ArrayLike<number>;
}

export interface LabelledRegressorOutputs extends RegressorOutputs {
  readonly actual: ArrayLike<number>;
}

export interface RegressionEstimatorOptions {
  /** Of the intervals; 0.95 by default. */
  readonly confidence?: number;
  /** Of the resampling; 0 by default. */
  readonly seed?: number;
}

export interface RegressionEstimate {
  readonly rows: number;
  readonly confidence: number;
  readonly meanAbsoluteError: QualityEstimate;
  readonly meanSquaredError: QualityEstimate;
  /** The root of the mean squared error and of its interval. */
  readonly rootMeanSquaredError: QualityEstimate;
}

export interface RegressionEstimator {
  /**
   * The expected errors on rows without actual values.
   *
   * @throws InvalidDataError `INVALID_DATA` for no rows, arrays of the wrong length, or values that are not finite.
   */
  estimate(outputs: RegressorOutputs): RegressionEstimate;
}

/** Models that are learned from resampled rows; their spread is what the reference leaves open. */
const models = 10;

/**
 * Estimates a regression model's errors before there are actual values (DLE; NannyML, "Direct loss
 * estimation"): boosted trees learn on the reference, of features and prediction, how large the error is.
 *
 * **It assumes that the error for given features is what it was on the reference.** Features may move
 * (covariate shift), within the range of the reference: trees do not extrapolate. When the target itself changes
 * for the same features (concept drift), the estimate does not see it.
 *
 * The interval is where the measured error would be: the spread of the models, and of single errors, which is
 * taken to grow in proportion to the expected error.
 *
 * @param reference - Rows that the model was not trained on; at least 400.
 * @throws InvalidDataError `INVALID_DATA` for too few rows, arrays of the wrong length, or values that are not
 * finite.
 */
export function createRegressionEstimator(
  reference: LabelledRegressorOutputs,
  options: RegressionEstimatorOptions = {},
): RegressionEstimator {
  checkNames(options, ["confidence", "seed"]);
  const confidence = checkOption("confidence", options.confidence ?? 0.95, { minimum: 0.5, maximum: 0.999 });
  const seed = checkOption("seed", options.seed ?? 0, { minimum: 0, maximum: 2 ** 31, isWhole: true });
  const rows = checkRows(reference, reference.features.length);
  if (reference.actual.length !== rows || rows < 400) {
    throw new InvalidDataError({
      problem: `have ${rows} predictions and ${reference.actual.length} actual values as the reference`,
      remedy: "Pass one of each for at least 400 rows.",
    });
  }
  checkFinite("actual", reference.actual);
  const columns = columnsOf(reference);
  const cells = new BinnedFeatures(columns);
  const binned = cells.bin(columns);
  const absolute = Float64Array.from(reference.actual, (actual, row) =>
    Math.abs(actual - reference.predicted[row]!),
  );
  const ofAbsolute = fitLoss(binned, absolute, seed);
  const ofSquares = fitLoss(
    binned,
    absolute.map((error) => error * error),
    seed,
  );

  return {
    estimate(outputs) {
      const count = checkRows(outputs, reference.features.length);
      const places = cells.bin(columnsOf(outputs));
      const meanSquaredError = estimateLoss(ofSquares, places, count, confidence);
      return {
        rows: count,
        confidence,
        meanAbsoluteError: estimateLoss(ofAbsolute, places, count, confidence),
        meanSquaredError,
        rootMeanSquaredError: {
          value: Math.sqrt(meanSquaredError.value),
          lower: Math.sqrt(meanSquaredError.lower),
          upper: Math.sqrt(meanSquaredError.upper),
        },
      };
    },
  };
}

interface FittedLoss {
  readonly models: readonly LossModel[];
  readonly smallest: number;
  /** Root mean square of (loss - expected loss) / expected loss. */
  readonly relativeSpread: number;
}

function fitLoss(binned: readonly Uint8Array[], losses: Float64Array, seed: number): FittedLoss {
  const random = createRandom(seed);
  const fitted = Array.from({ length: models }, () => LossModel.fit(binned, losses, random.fork()));
  // An expected loss is above that of the best rows; trees that subtract may go below it.
  const smallest = Float64Array.from(losses).sort()[Math.floor(losses.length / 100)]!;
  let squares = 0;
  let weights = 0;
  for (let row = 0; row < losses.length; row += 1) {
    const expected = Math.max(meanPrediction(fitted, binned, row), smallest);
    squares += (losses[row]! - expected) ** 2;
    weights += expected ** 2;
  }
  return { models: fitted, smallest, relativeSpread: weights === 0 ? 0 : Math.sqrt(squares / weights) };
}

function estimateLoss(
  { models: fitted, smallest, relativeSpread }: FittedLoss,
  binned: readonly Uint8Array[],
  rows: number,
  confidence: number,
): QualityEstimate {
  const means = fitted.map((model) => {
    let sum = 0;
    for (let row = 0; row < rows; row += 1) sum += Math.max(model.predict(binned, row), smallest);
    return sum / rows;
  });
  let squares = 0;
  for (let row = 0; row < rows; row += 1) {
    squares += Math.max(meanPrediction(fitted, binned, row), smallest) ** 2;
  }
  const value = means.reduce((sum, mean) => sum + mean, 0) / means.length;
  const modelVariance = means.reduce((sum, mean) => sum + (mean - value) ** 2, 0) / (means.length - 1);
  const samplingVariance = (relativeSpread ** 2 * squares) / rows ** 2;
  const margin = normalQuantile((1 + confidence) / 2) * Math.sqrt(modelVariance + samplingVariance);
  return { value, lower: Math.max(value - margin, 0), upper: value + margin };
}

function meanPrediction(fitted: readonly LossModel[], binned: readonly Uint8Array[], row: number): number {
  let sum = 0;
  for (const model of fitted) sum += model.predict(binned, row);
  return sum / fitted.length;
}

/** The prediction is a feature of its error, too. */
function columnsOf({ features, predicted }: RegressorOutputs): readonly ArrayLike<number>[] {
  return [...features, predicted];
}

function checkRows({ features, predicted }: RegressorOutputs, expected: number): number {
  const rows = predicted.length;
  if (rows === 0) throw new InvalidDataError({ problem: "have no rows", remedy: "Pass at least one." });
  if (features.length !== expected || features.some((values) => values.length !== rows)) {
    throw new InvalidDataError({
      problem: `have features of the wrong shape for ${rows} predictions`,
      remedy: `Pass ${expected} features with ${rows} values each.`,
    });
  }
  for (const [place, values] of features.entries()) checkFinite(`features[${place}]`, values);
  checkFinite("predicted", predicted);
  return rows;
}

function checkFinite(name: string, values: ArrayLike<number>): void {
  const wrong = Array.prototype.findIndex.call(values, (value: unknown) => !Number.isFinite(value));
  if (wrong < 0) return;
  throw new InvalidDataError({
    problem: `have ${String(values[wrong])} in ${name}[${wrong}]`,
    remedy:
      "Pass finite numbers; leave rows with missing values out, or give them a value as the model does.",
  });
}
