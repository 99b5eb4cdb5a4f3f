import type { CorrectionMethod } from "@mlops/stats";
import { windowLevel } from "@mlops/stats";
import { InvalidDriftOptionsError } from "../errors/invalid-drift-options-error.ts";
import type { ColumnsOptions } from "../profile/profile-options.ts";
import type { LookOfMany } from "../verdict/drift-result.ts";

/** Options of `detectDrift`. */
export interface DriftOptions {
  /**
   * How often, at most, the verdict may be `drift` where nothing has changed, in (0, 1): over all
   * columns, and over all looks where `look` is given. By default 0.05.
   */
  readonly alpha?: number;
  /**
   * How p-values are adjusted for the number of columns. `"benjamini-hochberg"`, the default, holds
   * `alpha` for the verdict on the whole, where columns are independent or rise and fall
   * together, and on each column it bounds the share of false ones among those found. `"holm"` and
   * `"bonferroni"` hold `alpha` for any false column, however the columns depend on each other.
   */
  readonly correction?: CorrectionMethod;
  /**
   * Which look this is where one looks again and again: `alpha` then holds for all looks together.
   * With `of` each planned look gets alpha / of; without, look k gets alpha / (k (k + 1)), for ever.
   */
  readonly look?: { readonly look: number; readonly of?: number };
  /** Columns that are passed over, such as ids and the time of the event itself. */
  readonly exclude?: readonly string[];
  /** From which share of rows on a change of the values matters, in (0, 1). By default 0.05. */
  readonly materialShift?: number;
  /** From which share of rows on a change of a special cell such as missing matters. By default 0.01. */
  readonly materialSpecialShare?: number;
  /** From how many standard deviations on a shift of an embedding's mean matters. By default 0.125. */
  readonly materialMeanShift?: number;
  /**
   * A column is `stable` only if a change of this share of rows would have been found with a
   * probability of 0.8, in (0, 1]; else it is `not-enough-data`. By default 0.2, which is about
   * half a standard deviation of a normal column.
   */
  readonly detectableShift?: number;
  /** Of the effects' intervals, in (0, 1). By default 0.95. */
  readonly confidence?: number;
  /** Seeds permutations, a whole number. By default 0: the same data give the same result. */
  readonly seed?: number;
  /** How single columns are profiled, where the reference is given as data. */
  readonly columns?: ColumnsOptions;
  /** One weight for each row of the reference, where it is given as data. */
  readonly referenceWeights?: ArrayLike<number>;
  /** One weight for each row of the current data, where they are given as data. */
  readonly currentWeights?: ArrayLike<number>;
}

/** {@link DriftOptions} with their defaults, checked. */
export interface ResolvedDriftOptions {
  readonly alpha: number;
  readonly level: number;
  readonly look: LookOfMany | null;
  readonly correction: CorrectionMethod;
  readonly exclude: ReadonlySet<string>;
  readonly materialShift: number;
  readonly materialSpecialShare: number;
  readonly materialMeanShift: number;
  readonly detectableShift: number;
  readonly confidence: number;
  readonly seed: number;
}

const corrections: readonly CorrectionMethod[] = [
  "benjamini-hochberg",
  "benjamini-yekutieli",
  "holm",
  "hochberg",
  "bonferroni",
];

/** @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` for options outside their ranges. */
export function resolveDriftOptions(options: DriftOptions): ResolvedDriftOptions {
  const { alpha = 0.05, correction = "benjamini-hochberg", exclude = [], seed = 0 } = options;
  const { materialShift = 0.05, materialSpecialShare = 0.01, materialMeanShift = 0.125 } = options;
  const { detectableShift = 0.2, confidence = 0.95 } = options;
  const isOpen = (value: number): boolean => value > 0 && value < 1;
  check("alpha", alpha, isOpen(alpha), "a number above 0 and below 1");
  check("correction", correction, corrections.includes(correction), `one of ${corrections.join(", ")}`);
  check("exclude", exclude, Array.isArray(exclude), "a list of column names");
  check("materialShift", materialShift, isOpen(materialShift), "a share above 0 and below 1");
  check(
    "materialSpecialShare",
    materialSpecialShare,
    isOpen(materialSpecialShare),
    "a share above 0 and below 1",
  );
  const isShift = materialMeanShift > 0 && materialMeanShift < Infinity;
  check("materialMeanShift", materialMeanShift, isShift, "a number above 0");
  check(
    "detectableShift",
    detectableShift,
    detectableShift > 0 && detectableShift <= 1,
    "a share above 0, up to 1",
  );
  check("confidence", confidence, isOpen(confidence), "a number above 0 and below 1");
  check("seed", seed, Number.isSafeInteger(seed), "a whole number");
  const look = resolveLook(options.look);
  return {
    alpha,
    level: levelOf(alpha, look),
    look,
    correction,
    exclude: new Set(exclude),
    materialShift,
    materialSpecialShare,
    materialMeanShift,
    detectableShift,
    confidence,
    seed,
  };
}

function resolveLook(look: DriftOptions["look"]): LookOfMany | null {
  if (look === undefined) return null;
  const isFirst = Number.isSafeInteger(look.look) && look.look >= 1;
  check("look.look", look.look, isFirst, "a whole number from 1");
  const { of = null } = look;
  const isPlanned = of === null || (Number.isSafeInteger(of) && of >= look.look);
  check("look.of", of, isPlanned, "a whole number, at least look.look");
  return { look: look.look, of };
}

function levelOf(alpha: number, look: LookOfMany | null): number {
  if (look === null) return alpha;
  return look.of === null ? windowLevel(look.look, { alpha }) : alpha / look.of;
}

function check(option: string, value: unknown, isValid: boolean, wanted: string): void {
  if (isValid) return;
  throw new InvalidDriftOptionsError({
    option,
    problem: `is ${typeof value === "string" ? JSON.stringify(value) : String(value)}`,
    remedy: `Pass ${wanted}.`,
  });
}
