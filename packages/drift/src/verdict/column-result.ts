import type { ColumnKind } from "../profile/profile.ts";
import type { DistanceResult, RuleResult } from "./distance-result.ts";
import type { DriftStatus } from "./drift-status.ts";
import type { Evidence } from "./evidence.ts";
import type { PlottedBin } from "./plotted-bin.ts";

/** The verdict on one column. */
export interface ColumnResult {
  readonly name: string;
  /** The reference's kind; `null` where the reference's column could not be read. */
  readonly kind: ColumnKind | null;
  readonly status: DriftStatus;
  /** The status in one sentence, with the figures it rests on. */
  readonly reason: string;
  /** 1 for the column that needs attention first: by status, then by p-value, then by effect. */
  readonly rank: number;
  /** Of all tests of this column together, in [0, 1]; `null` where nothing was tested. */
  readonly pValue: number | null;
  /** `pValue` adjusted for the number of columns: significant where it is ≤ `levelOfThisLook`. */
  readonly adjustedPValue: number | null;
  /** One for each test, the strongest first. Empty where nothing was tested. */
  readonly evidence: readonly Evidence[];
  /**
   * The smallest change of `share` (see `Effect`) that these sizes would have found with a
   * probability of 0.8, in (0, 1]; `null` where the values could not be tested.
   */
  readonly minimumDetectableShift: number | null;
  /** Effective rows that have a value of the column's kind, NaN and infinities not counted. */
  readonly valueRows: { readonly reference: number; readonly current: number };
  /** Rows without an ordinary value, and rows with a new one; those that neither side has are left out. */
  readonly specialCells: readonly SpecialCell[];
  /** The distances people know, over the reference's deciles or categories. Empty where one side has no row. */
  readonly distances: readonly DistanceResult[];
  /** What well-known fixed rules say, as they are and calibrated to the sizes. None decides. */
  readonly rules: readonly RuleResult[];
  /** What to plot: both sides' shares, which each add up to 1 unless a side has no row. */
  readonly bins: readonly PlottedBin[];
}

/** What a row can have in place of an ordinary value. */
export type SpecialCellName =
  | "missing"
  | "invalid"
  | "nan"
  | "negative-infinity"
  | "positive-infinity"
  | "new-category";

/** How often something special occurs. */
export interface SpecialCell {
  readonly cell: SpecialCellName;
  /** Weight of the rows. */
  readonly referenceWeight: number;
  readonly currentWeight: number;
  /** In [0, 1], of all rows; 0 where a side has no row. */
  readonly referenceShare: number;
  readonly currentShare: number;
}
