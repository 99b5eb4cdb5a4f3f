import { createRandom, normalQuantile, normalUpperQuantile } from "@mlops/stats";
import { InvalidDriftOptionsError } from "../errors/invalid-drift-options-error.ts";
import { columnsOf, type DataColumns, type ProfileData } from "../profile/profile-data.ts";
import type { ColumnKind } from "../profile/profile.ts";
import type { DriftStatus } from "../verdict/drift-status.ts";
import { classifySides } from "./classify-sides.ts";
import { encodeColumns } from "./encode-columns.ts";

/** Options of {@link detectMultivariateDrift}. */
export interface MultivariateOptions {
  /** How often, at most, the verdict may be `drift` where nothing has changed, in (0, 1). By default 0.05. */
  readonly alpha?: number;
  /** From which AUC on a change matters, in (0.5, 1). By default 0.55. */
  readonly materialAuc?: number;
  /** `stable` needs sizes at which this AUC would most likely be found, in (0.5, 1]. By default 0.6. */
  readonly detectableAuc?: number;
  /** At most this many rows of each side are taken, at random; from 8, by default 5,000. */
  readonly maxRows?: number;
  /** Of the AUC's interval, in (0, 1). By default 0.95. */
  readonly confidence?: number;
  /** A whole number, by default 0: the same data give the same result. */
  readonly seed?: number;
  /** Columns that are passed over. */
  readonly exclude?: readonly string[];
  /** Kinds of columns; by default inferred. */
  readonly kinds?: Readonly<Record<string, ColumnKind>>;
}

/** The verdict on all columns together. Plain data, without NaN or Infinity. */
export interface MultivariateResult {
  readonly status: DriftStatus;
  /** The status in one sentence. */
  readonly reason: string;
  readonly alpha: number;
  readonly pValue: number | null;
  /** How well new rows of both sides can be told apart, with its interval; 0.5 is chance. */
  readonly auc: { readonly estimate: number; readonly low: number; readonly high: number } | null;
  /** The AUC that these sizes would have found with a probability of 0.8. */
  readonly minimumDetectableAuc: number | null;
  /** What tells the sides apart, the strongest first; at most 20. */
  readonly features: readonly TellingFeature[];
  readonly rows: { readonly reference: number; readonly current: number };
}

/** A feature and which way it points. */
export interface TellingFeature {
  /** `age`, `age × income`, `text: refund`, `vector[3]`, `income: missing`. */
  readonly feature: string;
  /** Weight in the log-odds for each standard deviation: above 0 where more of it means current. */
  readonly weight: number;
}

/**
 * Tests whether rows of both sides can be told apart, by all columns together: what single columns do
 * not show, such as a change of correlation, of the words in texts, or of a direction in vectors.
 *
 * A logistic regression learns on one half and is tested on the other; see `classifySides` for why
 * its p-value is exact. It takes mixed columns: numbers, categories, texts, vectors.
 *
 * @throws InvalidDataError `INVALID_DATA` for what is neither rows nor columns.
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` for options outside their ranges.
 *
 * @example
 * ```ts
 * const { status, features } = detectMultivariateDrift(lastMonth, thisWeek);
 * features[0]; //=> { feature: "age × income", weight: 1.2 }
 * ```
 */
export function detectMultivariateDrift(
  reference: ProfileData,
  current: ProfileData,
  options: MultivariateOptions = {},
): MultivariateResult {
  const { alpha, materialAuc, detectableAuc, maxRows, confidence, seed } = resolve(options);
  const before = columnsOf(reference);
  const after = columnsOf(current);
  const random = createRandom(seed);
  const taken = {
    reference: sampleRows(before.rowCount, maxRows, random),
    current: sampleRows(after.rowCount, maxRows, random),
  };
  const rows = { reference: taken.reference.length, current: taken.current.length };
  const unknown = { alpha, pValue: null, auc: null, minimumDetectableAuc: null, features: [], rows };
  if (rows.reference < 8 || rows.current < 8) {
    const reason = `There are ${rows.reference} and ${rows.current} rows; each side needs 8 or more.`;
    return { status: "not-enough-data", reason, ...unknown };
  }
  const excluded = new Set(options.exclude);
  const columns = before.columns
    .filter(({ name }) => !excluded.has(name))
    .map(({ name, values }) => ({
      name,
      values: [...pick(values, taken.reference), ...pick(valuesOf(after, name), taken.current)],
      kind:
        options.kinds !== undefined && Object.hasOwn(options.kinds, name) ? options.kinds[name] : undefined,
    }));
  const matrix = encodeColumns(columns, rows.reference + rows.current);
  if (matrix.names.length === 0) {
    return { status: "invalid", reason: "No column has two different values.", ...unknown };
  }
  const labels = Uint8Array.from({ length: matrix.rows }, (_, row) => Number(row >= rows.reference));
  const { auc, low, high, pValue, weights } = classifySides(matrix, labels, {
    seed,
    confidence,
    level: alpha,
  });
  // Each half is tested at alpha / 2, one-sided, by Mann and Whitney's statistic.
  const half = Math.sqrt((matrix.rows / 2 + 1) / (3 * rows.reference * rows.current));
  const minimumDetectableAuc = Math.min(
    0.5 + (normalUpperQuantile(alpha / 2) + normalQuantile(0.8)) * half,
    1,
  );
  const isSignificant = pValue <= alpha;
  const status =
    isSignificant && high >= materialAuc
      ? "drift"
      : !isSignificant && minimumDetectableAuc > detectableAuc
        ? "not-enough-data"
        : "stable";
  return {
    status,
    reason: `Unseen rows are told apart with an AUC of ${auc.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}), p = ${String(Number(pValue.toPrecision(2)))}.`,
    alpha,
    pValue,
    auc: { estimate: auc, low, high },
    minimumDetectableAuc,
    features: matrix.names
      .map((feature, index) => ({ feature, weight: weights[index]! }))
      .sort((left, right) => Math.abs(right.weight) - Math.abs(left.weight))
      .slice(0, 20),
    rows,
  };
}

function resolve(options: MultivariateOptions): Required<Omit<MultivariateOptions, "exclude" | "kinds">> {
  const { alpha = 0.05, materialAuc = 0.55, detectableAuc = 0.6 } = options;
  const { maxRows = 5_000, confidence = 0.95, seed = 0 } = options;
  check("alpha", alpha, alpha > 0 && alpha < 1, "a number above 0 and below 1");
  check("materialAuc", materialAuc, materialAuc > 0.5 && materialAuc < 1, "a number above 0.5 and below 1");
  check(
    "detectableAuc",
    detectableAuc,
    detectableAuc > 0.5 && detectableAuc <= 1,
    "a number above 0.5, up to 1",
  );
  check("maxRows", maxRows, Number.isSafeInteger(maxRows) && maxRows >= 8, "a whole number from 8");
  check("confidence", confidence, confidence > 0 && confidence < 1, "a number above 0 and below 1");
  check("seed", seed, Number.isSafeInteger(seed), "a whole number");
  return { alpha, materialAuc, detectableAuc, maxRows, confidence, seed };
}

function check(option: string, value: number, isValid: boolean, wanted: string): void {
  if (!isValid) {
    throw new InvalidDriftOptionsError({ option, problem: `is ${String(value)}`, remedy: `Pass ${wanted}.` });
  }
}

function sampleRows(count: number, most: number, random: ReturnType<typeof createRandom>): readonly number[] {
  const rows = Array.from({ length: count }, (_, row) => row);
  return count <= most ? rows : random.sample(rows, most);
}

function pick(values: ArrayLike<unknown>, rows: readonly number[]): unknown[] {
  return rows.map((row) => values[row]);
}

function valuesOf(data: DataColumns, name: string): ArrayLike<unknown> {
  return data.columns.find((column) => column.name === name)?.values ?? [];
}
