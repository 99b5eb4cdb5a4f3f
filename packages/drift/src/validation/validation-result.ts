import type { Accuracy, ColumnCheck, ColumnCounts, Example, NotChecked } from "./column-counts.ts";
import type { ColumnSchema } from "./data-schema.ts";

/** What can be wrong with a batch, or with a row. */
export type AnomalyCode =
  | "COLUMN_MISSING"
  | "COLUMN_UNKNOWN"
  | "VALUES_MISSING"
  | "NULL_VALUES"
  | "WRONG_TYPE"
  | "NOT_FINITE"
  | "NOT_INTEGER"
  | "OUT_OF_RANGE"
  | "NEW_VALUES"
  | "WRONG_LENGTH"
  | "WRONG_FORMAT"
  | "PATTERN_MISMATCH"
  | "REPEATED_VALUES"
  | "WRONG_ORDER"
  | "CONSTANT_COLUMN"
  | "COMPARISON_FAILED"
  | "TOO_FEW_ROWS"
  | "TOO_MANY_ROWS";

/** Something that a batch has and the schema does not allow. */
export interface Anomaly {
  readonly code: AnomalyCode;
  /** The column, or the left one of two; `null` for the batch as a whole. */
  readonly column: string | null;
  /** One sentence, with the numbers. */
  readonly message: string;
  /** How many values, or rows, are affected. */
  readonly count: number;
  /** Of how many. */
  readonly of: number;
  /** count / of, in [0, 1]; 0 of none. */
  readonly share: number;
  /** How `count` has to be read. */
  readonly accuracy: "exact" | Accuracy;
  /** The share that has to pass; `null` where it is about no share. */
  readonly mostly: number | null;
  /** The first of them; none from a profile. */
  readonly examples: readonly Example[];
}

/** What was counted, to be merged with other batches and to be judged again. */
export interface BatchCounts {
  readonly rows: number;
  readonly columns: readonly ColumnCounts[];
  /** In the order of the schema's comparisons. */
  readonly comparisons: readonly ComparisonCounts[];
  /** The columns that the schema does not have, as they could be added to it. */
  readonly unknownColumns: readonly ColumnSchema[];
  readonly notChecked: readonly NotChecked[];
}

/** How often a comparison was made, and how often it failed. */
export interface ComparisonCounts {
  readonly trials: number;
  readonly violations: number;
  readonly examples: readonly Example[];
}

/** What `validate` found. Plain data: `JSON.parse(JSON.stringify(result))` equals it. */
export interface ValidationResult {
  readonly format: "mlops.drift.validation";
  readonly version: 1;
  /** Whether there is no anomaly. */
  readonly isValid: boolean;
  readonly rows: number;
  readonly environment: string | null;
  /** How likely any tolerance is exceeded by chance, at most, where all shares are as the schema says. */
  readonly falseAlarmRate: number;
  /** Whether shares were compared plainly, without regard to chance. */
  readonly exact: boolean;
  /** In the order of the schema's columns. */
  readonly anomalies: readonly Anomaly[];
  /** What occurred, but not more often than the schema tolerates. */
  readonly tolerated: readonly Anomaly[];
  /** What could not be checked, because a profile does not hold it. */
  readonly notChecked: readonly NotChecked[];
  readonly counts: BatchCounts;
}

/** The code of each check of a column. */
export const codeOfCheck: Readonly<Record<ColumnCheck, AnomalyCode>> = {
  presence: "VALUES_MISSING",
  null: "NULL_VALUES",
  type: "WRONG_TYPE",
  finite: "NOT_FINITE",
  integer: "NOT_INTEGER",
  range: "OUT_OF_RANGE",
  domain: "NEW_VALUES",
  length: "WRONG_LENGTH",
  format: "WRONG_FORMAT",
  pattern: "PATTERN_MISMATCH",
  unique: "REPEATED_VALUES",
  monotonic: "WRONG_ORDER",
  variation: "CONSTANT_COLUMN",
};
