import { checkChoice } from "../arguments/check-number.ts";
import {
  checkFiniteValues,
  checkOpenProbability,
  checkSameLength,
  type Numbers,
} from "../arguments/check-sample.ts";
import { sum } from "../descriptive/sum.ts";
import { mcNemar } from "../hypothesis/mcnemar.ts";
import type { Estimate } from "../intervals/interval.ts";
import { bootstrapRows, type BootstrapInterval, type BootstrapOptions } from "../resampling/bootstrap.ts";
import { signFlipTest } from "../resampling/permutation-test.ts";
import { normalMeasured, type Measured } from "./delta-method.ts";
import { binary, type BinaryLabels } from "./labels.ts";

/** How the p-value of McNemar's test is computed. */
type McNemarMethod = "exact" | "mid-p" | "chi-squared";

export interface AccuracyComparison {
  readonly pValue: number;
  readonly method: McNemarMethod;
  /** Rows that only the first model predicted right. */
  readonly onlyFirst: number;
  /** Rows that only the second model predicted right. */
  readonly onlySecond: number;
  /** Accuracy of the first less that of the second; undefined interval where no row tells them apart. */
  readonly difference: Measured;
}

/**
 * Compares how often two classifiers are right on the same rows, by McNemar's test: of the hypothesis that
 * both are right equally often, two-sided. Only rows where exactly one is right tell anything.
 *
 * - `exact`: binomial; never rejects more often than stated. The default.
 * - `mid-p`: closer to the stated rate, rarely above it; the better choice below about 25 such rows.
 * - `chi-squared`: (b - c)² / (b + c) without continuity correction; from about 25 such rows on.
 *
 * The interval of the difference is Wald's for paired shares. Agrees with statsmodels' `mcnemar`.
 *
 * @param firstRight Whether the first model was right, per row.
 *
 * @example
 * compareAccuracy([1, 1, 1, 1, 0, 1], [0, 1, 0, 0, 0, 1]); // pValue 0.25, onlyFirst 3, onlySecond 0
 */
export function compareAccuracy(
  firstRight: BinaryLabels,
  secondRight: BinaryLabels,
  {
    method = "exact",
    confidence = 0.95,
  }: { readonly method?: McNemarMethod; readonly confidence?: number } = {},
): AccuracyComparison {
  const first = binary(firstRight, "firstRight");
  const second = binary(secondRight, "secondRight");
  checkSameLength("secondRight", second, "firstRight", first);
  checkChoice("method", method, ["exact", "mid-p", "chi-squared"]);
  checkOpenProbability("confidence", confidence);
  const only = (a: Uint8Array, b: Uint8Array): number =>
    a.reduce((count, right, row) => count + (right === 1 && b[row] === 0 ? 1 : 0), 0);
  const onlyFirst = only(first, second);
  const onlySecond = only(second, first);
  const rows = first.length;
  const difference = (onlyFirst - onlySecond) / rows;
  const standardError = Math.sqrt(onlyFirst + onlySecond - (onlyFirst - onlySecond) ** 2 / rows) / rows;
  return {
    pValue: mcNemar(
      { firstOnly: onlyFirst, secondOnly: onlySecond },
      { method: method === "chi-squared" ? "asymptotic" : method, continuityCorrection: false },
    ).pValue,
    method,
    onlyFirst,
    onlySecond,
    difference: normalMeasured(difference, standardError, confidence, [-1, 1]),
  };
}

export interface LossComparison {
  /** Mean loss of the first model less that of the second: below 0 where the first is better. */
  readonly difference: number;
  readonly interval: BootstrapInterval;
  /** Two-sided, by flipping signs: of the hypothesis that the difference is symmetric about 0. */
  readonly pValue: number;
  /** Whether every sign pattern was tried, which makes the p-value exact. */
  readonly exact: boolean;
}

/**
 * Compares two models by their loss on the same rows: any loss with one number per row, such as
 * `logLoss(...).losses`, absolute errors, or 0 and 1 for right and wrong.
 */
export function compareLosses(
  firstLosses: Numbers,
  secondLosses: Numbers,
  options: BootstrapOptions,
): LossComparison {
  checkFiniteValues("firstLosses", firstLosses);
  checkFiniteValues("secondLosses", secondLosses);
  checkSameLength("secondLosses", secondLosses, "firstLosses", firstLosses);
  const differences = Float64Array.from(firstLosses, (loss, row) => loss - (secondLosses[row] ?? 0));
  const { random, resamples = 9_999 } = options;
  const { pValue, exact } = signFlipTest(differences, { random, resamples });
  const meanOf = (rows: Uint32Array): number => {
    let total = 0;
    for (const row of rows) total += differences[row] ?? 0;
    return total / rows.length;
  };
  const interval = bootstrapRows(differences.length, meanOf, options);
  return { difference: sum(differences) / differences.length, interval, pValue, exact };
}

/**
 * An interval for the difference of any measure of two models on the same rows, by drawing rows anew: F1,
 * average precision, r², whatever `measure` computes.
 *
 * @param measure Takes the model (0 is the first, 1 the second) and the rows to use, with repeats.
 */
export function compareMeasure(
  rowCount: number,
  measure: (model: 0 | 1, rows: Uint32Array) => number,
  options: BootstrapOptions,
): Estimate & { readonly method: BootstrapInterval["method"] } {
  return bootstrapRows(rowCount, (rows) => measure(0, rows) - measure(1, rows), options);
}
