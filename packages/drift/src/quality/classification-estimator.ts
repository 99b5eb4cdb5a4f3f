import { createRandom, type Random } from "@mlops/stats";

import { checkChoice, checkNames, checkOption } from "../detectors/check-options.ts";
import { InvalidDataError } from "../errors/invalid-data-error.ts";
import { InvalidDriftOptionsError } from "../errors/invalid-drift-options-error.ts";
import { classQuality, type ClassRows, type ExpectedQuality } from "./expected-quality.ts";
import { calibrate, type CalibrationCurve, fitIsotonic, groupByScore } from "./isotonic-calibration.ts";

/** What a classifier said. */
export interface ClassifierOutputs {
  /**
   * Two classes: the score of class 1 for each row. More: `[rows, classes]` in row-major order. Finite; with
   * isotonic calibration they need not be probabilities.
   */
  readonly scores: ArrayLike<number>;
  /** The class that was predicted, from 0, for each row. */
  readonly predicted: ArrayLike<number>;
}

export interface LabelledOutputs extends ClassifierOutputs {
  /** The class that it was, from 0, for each row. */
  readonly actual: ArrayLike<number>;
}

export interface ClassificationEstimatorOptions {
  /** From 2 to 1,000; 2 by default. */
  readonly classes?: number;
  /** `isotonic` by default: scores become probabilities by the reference. `none`: they are probabilities. */
  readonly calibration?: "isotonic" | "none";
  /** Of the intervals; 0.95 by default. */
  readonly confidence?: number;
  /** How often the interval's simulation is run, from 50; 200 by default. */
  readonly simulations?: number;
  /** Of the simulation; 0 by default. */
  readonly seed?: number;
}

/** A number that was not measured: its estimate, and where the measured one would be. */
export interface QualityEstimate {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** The quality that labels would show. With more than two classes, all but the accuracy are means over them. */
export interface ClassificationEstimate {
  readonly rows: number;
  readonly confidence: number;
  readonly accuracy: QualityEstimate;
  readonly precision: QualityEstimate;
  readonly recall: QualityEstimate;
  readonly f1: QualityEstimate;
  /** NaN where only one class is expected. */
  readonly rocAuc: QualityEstimate;
}

export interface ClassificationEstimator {
  /**
   * The expected quality on rows without labels.
   *
   * @throws InvalidDataError `INVALID_DATA` for no rows, arrays of the wrong length, or values out of range.
   */
  estimate(outputs: ClassifierOutputs): ClassificationEstimate;
}

const measures = ["accuracy", "precision", "recall", "f1", "rocAuc"] as const;

/**
 * Estimates a classifier's quality before there are labels (CBPE; NannyML, "Confidence-based performance
 * estimation"): if a row's calibrated probability is right, so is its share of the confusion matrix.
 *
 * **It assumes that P(class | score) is what it was on the reference.** Inputs may move (covariate shift);
 * when the same input comes to mean another class (concept drift), the estimate does not see it and stays as
 * good as ever. Watch labels that come late by `createQualityMonitor`, and the reference again from time to time.
 *
 * The interval is where the measured value would be: labels are drawn from the probabilities, and the
 * calibration from resampled references. It does not cover a calibration that is wrong beyond its sampling.
 * Below about 1,000 reference rows, or where scores move beyond those of the reference, distrust it.
 *
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` for an option out of range.
 * @throws InvalidDataError `INVALID_DATA` for a reference below 100 rows, arrays of the wrong length, or values
 * out of range.
 */
export function createClassificationEstimator(
  reference: LabelledOutputs,
  options: ClassificationEstimatorOptions = {},
): ClassificationEstimator {
  checkNames(options, ["classes", "calibration", "confidence", "simulations", "seed"]);
  const classes = checkOption("classes", options.classes ?? 2, { minimum: 2, maximum: 1000, isWhole: true });
  const calibration = checkChoice("calibration", options.calibration ?? "isotonic", ["isotonic", "none"]);
  const confidence = checkOption("confidence", options.confidence ?? 0.95, { minimum: 0.5, maximum: 0.999 });
  const simulations = checkOption("simulations", options.simulations ?? 200, {
    minimum: 50,
    maximum: 100_000,
    isWhole: true,
  });
  const seed = checkOption("seed", options.seed ?? 0, { minimum: 0, maximum: 2 ** 31, isWhole: true });
  const width = classes === 2 ? 1 : classes;
  const referenceRows = checkOutputs(reference, classes, calibration === "none");
  if (referenceRows < 100) {
    throw new InvalidDataError({
      problem: `have ${referenceRows} reference rows`,
      remedy: "Pass at least 100 with labels, better some thousands.",
    });
  }
  checkClasses("actual", reference.actual, referenceRows, classes);
  const random = createRandom(seed);
  const calibrations =
    calibration === "none" ? undefined : fitCalibrations(reference, width, simulations, random);

  return {
    estimate(outputs) {
      const rows = checkOutputs(outputs, classes, calibration === "none");
      const columns = toColumns(outputs, width);
      const ofClasses = columns.map((scores, place) =>
        toClassRows(scores, outputs.predicted, width === 1 ? 1 : place),
      );
      const expected = qualityOf(
        ofClasses,
        probabilitiesOf(columns, calibrations?.fitted),
        outputs.predicted,
      );
      const draws = createRandom(seed);
      const simulated = Array.from({ length: simulations }, (_, simulation) => {
        const probabilities = probabilitiesOf(columns, calibrations?.resampled[simulation]);
        return qualityOf(ofClasses, drawClasses(probabilities, draws), outputs.predicted);
      });
      const estimateOf = (measure: (typeof measures)[number]): QualityEstimate =>
        centralRange(
          expected[measure],
          simulated.map((quality) => quality[measure]),
          confidence,
        );
      return {
        rows,
        confidence,
        accuracy: estimateOf("accuracy"),
        precision: estimateOf("precision"),
        recall: estimateOf("recall"),
        f1: estimateOf("f1"),
        rocAuc: estimateOf("rocAuc"),
      };
    },
  };
}

interface Calibrations {
  /** A curve for each column of scores. */
  readonly fitted: readonly CalibrationCurve[];
  readonly resampled: readonly (readonly CalibrationCurve[])[];
}

function fitCalibrations(
  reference: LabelledOutputs,
  width: number,
  simulations: number,
  random: Random,
): Calibrations {
  const rows = reference.actual.length;
  const grouped = toColumns(reference, width).map((scores, place) => {
    const positive = width === 1 ? 1 : place;
    return { positive, ...groupByScore(scores, (row) => reference.actual[row] === positive) };
  });
  const resampled = Array.from({ length: simulations }, () => {
    const picked = Int32Array.from({ length: rows }, () => random.integer(rows));
    return grouped.map(({ positive, groups, groupOfRow }) => {
      const counts = new Float64Array(groups.scores.length);
      const positives = new Float64Array(groups.scores.length);
      for (const row of picked) {
        const group = groupOfRow[row]!;
        counts[group]! += 1;
        if (reference.actual[row] === positive) positives[group]! += 1;
      }
      return fitIsotonic({ scores: groups.scores, rows: counts, positives });
    });
  });
  return { fitted: grouped.map(({ groups }) => fitIsotonic(groups)), resampled };
}

/** Calibrated, and of more than two classes divided by their sum, where it is not 0. */
function probabilitiesOf(
  columns: readonly Float64Array[],
  curves: readonly CalibrationCurve[] | undefined,
): readonly Float64Array[] {
  if (curves === undefined) return columns;
  const calibrated = columns.map((scores, place) => scores.map((score) => calibrate(curves[place]!, score)));
  if (columns.length === 1) return calibrated;
  const rows = columns[0]!.length;
  for (let row = 0; row < rows; row += 1) {
    let sum = 0;
    for (const column of calibrated) sum += column[row]!;
    for (const column of calibrated) column[row] = sum === 0 ? 1 / columns.length : column[row]! / sum;
  }
  return calibrated;
}

/** For each class, 1 for the rows that were drawn to be of it. */
function drawClasses(probabilities: readonly Float64Array[], random: Random): readonly Float64Array[] {
  const rows = probabilities[0]!.length;
  const drawn = probabilities.map(() => new Float64Array(rows));
  for (let row = 0; row < rows; row += 1) {
    let left = random();
    for (let place = 0; place < probabilities.length; place += 1) {
      left -= probabilities[place]![row]!;
      const isLast = place === probabilities.length - 1 && probabilities.length > 1;
      if (left >= 0 && !isLast) continue;
      drawn[place]![row] = 1;
      break;
    }
  }
  return drawn;
}

function qualityOf(
  ofClasses: readonly ClassRows[],
  weights: readonly Float64Array[],
  predicted: ArrayLike<number>,
): ExpectedQuality {
  const qualities = ofClasses.map((rows, place) => classQuality(rows, weights[place]!));
  const [only] = qualities;
  if (qualities.length === 1 && only !== undefined) return only;
  const meanOf = (measure: (typeof measures)[number]): number =>
    qualities.reduce((sum, quality) => sum + quality[measure], 0) / qualities.length;
  const count = predicted.length;
  let right = 0;
  for (let row = 0; row < count; row += 1) right += weights[predicted[row]!]![row]!;
  return {
    accuracy: right / count,
    precision: meanOf("precision"),
    recall: meanOf("recall"),
    f1: meanOf("f1"),
    rocAuc: meanOf("rocAuc"),
  };
}

function toColumns({ scores }: ClassifierOutputs, width: number): Float64Array[] {
  const rows = scores.length / width;
  return Array.from({ length: width }, (_, column) =>
    Float64Array.from({ length: rows }, (__, row) => scores[row * width + column]!),
  );
}

function toClassRows(scores: Float64Array, predicted: ArrayLike<number>, positive: number): ClassRows {
  return {
    isPredicted: Uint8Array.from(predicted, (place) => (place === positive ? 1 : 0)),
    order: Int32Array.from(scores, (_, row) => row).sort((a, b) => scores[b]! - scores[a]!),
    scores,
  };
}

function centralRange(value: number, simulated: readonly number[], confidence: number): QualityEstimate {
  const sorted = Float64Array.from(simulated.filter((quality) => !Number.isNaN(quality))).sort();
  if (sorted.length === 0) return { value, lower: Number.NaN, upper: Number.NaN };
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const next = sorted[Math.min(below + 1, sorted.length - 1)]!;
    return sorted[below]! + (place - below) * (next - sorted[below]!);
  };
  return { value, lower: at((1 - confidence) / 2), upper: at((1 + confidence) / 2) };
}

/** The number of rows. */
function checkOutputs({ scores, predicted }: ClassifierOutputs, classes: number, areShares: boolean): number {
  const rows = predicted.length;
  const width = classes === 2 ? 1 : classes;
  const refuse = (problem: string, remedy: string): never => {
    throw new InvalidDataError({ problem, remedy });
  };
  if (rows === 0) refuse("have no rows", "Pass at least one.");
  if (scores.length !== rows * width) {
    refuse(
      `have ${scores.length} scores for ${rows} predictions`,
      `Pass ${width === 1 ? "the score of class 1" : `${width} scores`} for each.`,
    );
  }
  checkClasses("predicted", predicted, rows, classes);
  for (let index = 0; index < scores.length; index += 1) {
    const score = scores[index]!;
    if (!Number.isFinite(score)) refuse(`have the score ${score} at ${index}`, "Pass finite scores.");
    if (areShares && (score < 0 || score > 1)) {
      throw new InvalidDriftOptionsError({
        option: "calibration",
        problem: `is "none", and scores[${index}] is ${score}, no probability`,
        remedy: 'Pass probabilities, or calibration: "isotonic".',
      });
    }
  }
  return rows;
}

function checkClasses(name: string, values: ArrayLike<number>, rows: number, classes: number): void {
  const wrong = Array.prototype.findIndex.call(
    values,
    (place: unknown) => !Number.isInteger(place) || Number(place) < 0 || Number(place) >= classes,
  );
  if (values.length === rows && wrong < 0) return;
  throw new InvalidDataError({
    problem:
      wrong < 0
        ? `have ${values.length} values of ${name} for ${rows} rows`
        : `have the class ${String(values[wrong])} in ${name}[${wrong}]`,
    remedy: `Pass a class from 0 to ${classes - 1} for each row.`,
  });
}
