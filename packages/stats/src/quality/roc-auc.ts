import {
  checkFiniteValues,
  checkOpenProbability,
  checkSameLength,
  type Numbers,
} from "../arguments/check-sample.ts";
import { mean } from "../descriptive/sum.ts";
import { normalSf } from "../distributions/normal.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { normalMeasured, type Measured } from "./delta-method.ts";
import { binary, type BinaryLabels } from "./labels.ts";

export interface RocAuc extends Measured {
  readonly standardError: number;
  readonly positives: number;
  readonly negatives: number;
}

/**
 * The area under the ROC curve: the chance that a positive row has a higher score than a negative one,
 * where equal scores count half.
 *
 * The interval is DeLong's (DeLong, DeLong and Clarke-Pearson 1988) with the midranks of Sun and Xu 2014,
 * n log n: normal, cut to [0, 1], approximate below about 20 rows of either class, and undefined when
 * the scores separate the classes completely. Agrees with scikit-learn's `roc_auc_score`.
 *
 * @param scores Larger means more likely positive; any finite numbers.
 * @throws {@link InvalidArgumentError} unless both classes occur.
 *
 * @example
 * rocAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).value; // 0.75
 */
export function rocAuc(
  actual: BinaryLabels,
  scores: Numbers,
  { confidence = 0.95 }: { readonly confidence?: number } = {},
): RocAuc {
  checkOpenProbability("confidence", confidence);
  const { area, positives, negatives } = placements(actual, scores, "scores");
  const standardError = standardErrorOf(positives, negatives);
  return {
    ...normalMeasured(area, standardError, confidence, [0, 1]),
    standardError,
    positives: positives.length,
    negatives: negatives.length,
  };
}

export interface AucComparison {
  readonly first: number;
  readonly second: number;
  /** First less second, with its interval; undefined where the models rank the rows alike. */
  readonly difference: Measured;
  /** Two-sided, of the hypothesis that both areas are equal; 1 where the models rank the rows alike. */
  readonly pValue: number;
}

/**
 * Compares the areas under the ROC curves of two models on the same rows (DeLong's test), which takes
 * into account that they were right and wrong about the same rows.
 */
export function compareRocAuc(
  actual: BinaryLabels,
  firstScores: Numbers,
  secondScores: Numbers,
  { confidence = 0.95 }: { readonly confidence?: number } = {},
): AucComparison {
  checkOpenProbability("confidence", confidence);
  const first = placements(actual, firstScores, "firstScores");
  const second = placements(actual, secondScores, "secondScores");
  const positives = first.positives.map((value, index) => value - (second.positives[index] ?? 0));
  const negatives = first.negatives.map((value, index) => value - (second.negatives[index] ?? 0));
  const standardError = standardErrorOf(positives, negatives);
  const difference = normalMeasured(first.area - second.area, standardError, confidence, [-1, 1]);
  const pValue =
    difference.interval === undefined ? 1 : 2 * normalSf(Math.abs(difference.value) / standardError);
  return { first: first.area, second: second.area, difference, pValue };
}

interface Placements {
  readonly area: number;
  /** For each positive row the share of negative rows it outranks. */
  readonly positives: Float64Array;
  /** For each negative row the share of positive rows that outrank it. */
  readonly negatives: Float64Array;
}

function placements(actual: BinaryLabels, scores: Numbers, argument: string): Placements {
  const classes = binary(actual, "actual");
  checkFiniteValues(argument, scores);
  checkSameLength(argument, scores, "actual", actual);
  const of = (wanted: number): Float64Array =>
    Float64Array.from(scores).filter((_, row) => classes[row] === wanted);
  const positive = of(1);
  const negative = of(0);
  if (positive.length < 1 || negative.length < 1) {
    throw new InvalidArgumentError(
      `actual has ${positive.length} positive and ${negative.length} negative rows. The area needs at least one of each.`,
      { argument: "actual" },
    );
  }
  const sortedPositive = positive.slice().sort();
  const sortedNegative = negative.slice().sort();
  const positives = positive.map((score) => shareBelow(sortedNegative, score));
  const negatives = negative.map((score) => 1 - shareBelow(sortedPositive, score));
  let won = 0;
  for (const share of positives) won += share * negative.length;
  return { area: won / (positive.length * negative.length), positives, negatives };
}

/** The share of sorted numbers that are below `value`; equal ones count half. */
function shareBelow(sorted: Float64Array, value: number): number {
  return (countBelow(sorted, value, false) + countBelow(sorted, value, true)) / (2 * sorted.length);
}

function countBelow(sorted: Float64Array, value: number, orEqual: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = sorted[middle] ?? 0;
    if (at < value || (orEqual && at === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function standardErrorOf(positives: Float64Array, negatives: Float64Array): number {
  return Math.sqrt(variance(positives) / positives.length + variance(negatives) / negatives.length);
}

/** The unbiased variance; 0 for one value. */
function variance(values: Float64Array): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  let squares = 0;
  for (const value of values) squares += (value - centre) ** 2;
  return squares / (values.length - 1);
}
