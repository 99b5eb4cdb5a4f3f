import { checkChoice } from "../arguments/check-number.ts";
import { checkOpenProbability } from "../arguments/check-sample.ts";
import { binomialInterval } from "../intervals/binomial-interval.ts";
import { confusionMatrix, type ConfusionMatrix } from "./confusion-matrix.ts";
import { normalMeasured, type Measured } from "./delta-method.ts";
import type { Label, Labels } from "./labels.ts";
import { added, deltaStandardError, f1StandardError, nothing, tallies, type Tally } from "./tally.ts";

/** How well one class is found. */
export interface ClassQuality {
  readonly label: Label;
  /** Rows of this class. */
  readonly support: number;
  /** Rows predicted as this class. */
  readonly predicted: number;
  /** Share of the rows predicted as this class that are of it. Wilson interval. */
  readonly precision: Measured;
  /** Share of the rows of this class that were predicted as it. Wilson interval. */
  readonly recall: Measured;
  /** 2 · true positives / (support + predicted). Interval by the delta method. */
  readonly f1: Measured;
}

/** Precision, recall and F1, averaged over classes. Intervals by the delta method. */
export interface AveragedQuality {
  readonly precision: Measured;
  readonly recall: Measured;
  readonly f1: Measured;
}

export interface ClassificationQuality {
  readonly matrix: ConfusionMatrix;
  readonly confidence: number;
  /** Share of the rows predicted right. Wilson interval. */
  readonly accuracy: Measured;
  /** Mean recall of the classes that occur. */
  readonly balancedAccuracy: Measured;
  /**
   * Correlation of actual and predicted class, in [-1, 1]; 0 where one of them is always the same
   * (Matthews; Gorodkin 2004 for several classes).
   */
  readonly matthewsCorrelation: Measured;
  /** Agreement beyond chance (Cohen 1960), at most 1; undefined where both are always the same class. */
  readonly cohensKappa: Measured | undefined;
  readonly classes: readonly ClassQuality[];
  /** Every class counts the same. */
  readonly macro: AveragedQuality;
  /** Every row counts the same; all three are the accuracy when each row has one class. */
  readonly micro: AveragedQuality;
  /** Classes count by their support. */
  readonly weighted: AveragedQuality;
}

export interface ClassificationOptions {
  /** The classes and their order; by default all that occur. */
  readonly labels?: readonly Label[];
  /** Of every interval; 0.95 by default. */
  readonly confidence?: number;
  /**
   * What a share of no rows is: the precision of a class that was never predicted, the recall of one that
   * never occurred. `zero` by default, as scikit-learn counts it; `omit` leaves the class out of the averages.
   */
  readonly emptyShare?: "zero" | "omit";
}

/**
 * How well predicted classes match the actual ones: everything that follows from the confusion matrix,
 * each with its interval.
 *
 * Rows have to be independent for the intervals to hold; they do not know of several rows per user.
 * Delta-method intervals are symmetric and approximate: trust them from about 30 rows of each class on.
 * Agrees with scikit-learn 1.9 (`classification_report`, `balanced_accuracy_score`,
 * `matthews_corrcoef`, `cohen_kappa_score`), the interval of kappa with statsmodels' `cohens_kappa`.
 *
 * @example
 * const quality = classificationQuality(["cat", "cat", "dog"], ["cat", "dog", "dog"]);
 * quality.accuracy.value; // 0.6666666666666666
 */
export function classificationQuality(
  actual: Labels,
  predicted: Labels,
  { labels, confidence = 0.95, emptyShare = "zero" }: ClassificationOptions = {},
): ClassificationQuality {
  checkOpenProbability("confidence", confidence);
  checkChoice("emptyShare", emptyShare, ["zero", "omit"]);
  const matrix = confusionMatrix(actual, predicted, labels === undefined ? {} : { labels });
  const { counts, total } = matrix;
  const classes = tallies(counts);
  const empty = emptyShare === "zero" ? 0 : undefined;
  const measured = (measure: Measure, range: readonly [number, number] = [0, 1]): Measured =>
    normalMeasured(measure(classes), deltaStandardError(counts, measure), confidence, range);
  const share = (part: number, whole: number): Measured =>
    whole === 0
      ? { value: 0, interval: undefined }
      : {
          value: part / whole,
          interval: binomialInterval({ successes: part, trials: whole }, { confidence, method: "wilson" }),
        };
  const averaged = (average: (measure: ClassMeasure) => Measure): AveragedQuality => ({
    precision: measured(average(precisionOf)),
    recall: measured(average(recallOf)),
    f1: measured(average(f1Of)),
  });
  const rightRows = classes.reduce((sum, { right }) => sum + right, 0);
  return {
    matrix,
    confidence,
    accuracy: share(rightRows, total),
    balancedAccuracy: measured((all) => plainMean(all.map(recallOf))),
    matthewsCorrelation: measured(matthewsCorrelation, [-1, 1]),
    cohensKappa: Number.isNaN(cohensKappa(classes)) ? undefined : measured(cohensKappa, [-1, 1]),
    classes: classes.map((tally, place) => ({
      label: matrix.labels[place] ?? place,
      support: tally.support,
      predicted: tally.predicted,
      precision: share(tally.right, tally.predicted),
      recall: share(tally.right, tally.support),
      f1: normalMeasured(f1Of(tally) ?? 0, f1StandardError(tally), confidence, [0, 1]),
    })),
    macro: averaged((measure) => (all) => plainMean(all.map((tally) => measure(tally) ?? empty))),
    micro: averaged((measure) => (all) => measure(all.reduce(added, nothing)) ?? 0),
    weighted: averaged((measure) => (all) => {
      const kept = all.filter((tally) => (measure(tally) ?? empty) !== undefined);
      const support = kept.reduce((sum, tally) => sum + tally.support, 0);
      if (support === 0) return 0;
      return kept.reduce((sum, tally) => sum + (measure(tally) ?? 0) * tally.support, 0) / support;
    }),
  };
}

type Measure = (classes: readonly Tally[]) => number;
type ClassMeasure = (tally: Tally) => number | undefined;

function precisionOf({ right, predicted }: Tally): number | undefined {
  return predicted > 0 ? right / predicted : undefined;
}

function recallOf({ right, support }: Tally): number | undefined {
  return support > 0 ? right / support : undefined;
}

function f1Of({ right, support, predicted }: Tally): number | undefined {
  return support + predicted > 0 ? (2 * right) / (support + predicted) : undefined;
}

/** The mean of those that are defined; 0 when none is. */
function plainMean(values: readonly (number | undefined)[]): number {
  const defined = values.filter((value) => value !== undefined);
  return defined.length === 0 ? 0 : defined.reduce((sum, value) => sum + value, 0) / defined.length;
}

function matthewsCorrelation(classes: readonly Tally[]): number {
  const total = classes.reduce((sum, { support }) => sum + support, 0);
  const right = classes.reduce((sum, tally) => sum + tally.right, 0);
  const product = (a: "support" | "predicted", b: "support" | "predicted"): number =>
    classes.reduce((sum, tally) => sum + tally[a] * tally[b], 0);
  const spread =
    (total ** 2 - product("predicted", "predicted")) * (total ** 2 - product("support", "support"));
  return spread > 0 ? (right * total - product("support", "predicted")) / Math.sqrt(spread) : 0;
}

/** NaN where chance alone agrees on every row. */
function cohensKappa(classes: readonly Tally[]): number {
  const total = classes.reduce((sum, { support }) => sum + support, 0);
  const agreed = classes.reduce((sum, { right }) => sum + right, 0) / total;
  const byChance = classes.reduce((sum, tally) => sum + tally.support * tally.predicted, 0) / total ** 2;
  return byChance >= 1 ? Number.NaN : (agreed - byChance) / (1 - byChance);
}
