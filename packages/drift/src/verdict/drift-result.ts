import type { CorrectionMethod } from "@mlops/stats";
import type { ColumnResult } from "./column-result.ts";
import type { DriftStatus } from "./drift-status.ts";

/**
 * The verdict on some data, and all that led to it. Plain data: every number is finite, what cannot
 * be said is `null`, and `JSON.parse(JSON.stringify(result))` equals it.
 */
export interface DriftResult {
  readonly format: "mlops.drift.result";
  readonly version: 1;
  /**
   * `drift` if any column drifted; else `not-enough-data` if any column could not be judged; else
   * `stable`. `invalid` if no column could be compared at all.
   */
  readonly status: DriftStatus;
  /** The status in one sentence. */
  readonly reason: string;
  /**
   * How likely `status` is `drift` where nothing has changed, at most, in (0, 1): over all columns,
   * and over all looks where looks were planned.
   */
  readonly alpha: number;
  /** The part of `alpha` that was spent here: all of it, unless looks were planned. */
  readonly levelOfThisLook: number;
  /** Which look this was, and of how many; `null` for one that was not planned as one of several. */
  readonly look: LookOfMany | null;
  /** How the p-values were adjusted for the number of columns. */
  readonly correction: CorrectionMethod;
  readonly reference: SampleSize;
  readonly current: SampleSize;
  /** How many columns came to each status. */
  readonly statusCounts: Readonly<Record<DriftStatus, number>>;
  /** The columns that need attention first; see `ColumnResult.rank`. */
  readonly columns: readonly ColumnResult[];
}

/** One of several looks at growing or repeated data. */
export interface LookOfMany {
  /** From 1. */
  readonly look: number;
  /** How many were planned; `null` for no end. */
  readonly of: number | null;
}

/** How much data there was. */
export interface SampleSize {
  /** Rows, each counted once. */
  readonly rows: number;
  /** Rows of weight 1 that the rows are worth: (Σw)² / Σw². */
  readonly effectiveRows: number;
}
