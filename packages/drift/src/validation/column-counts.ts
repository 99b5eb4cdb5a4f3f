import type { ShareCheck } from "./data-schema.ts";

/** Something that did not pass. */
export interface Example {
  /** The row's number in the data, from 0; `null` where it is not known. */
  readonly row: number | null;
  /** The value as text, cut and escaped. */
  readonly value: string;
}

/** How a number has to be read that is not exact. */
export type Accuracy = "at-least" | "about";

/** A check of a column: of {@link ShareCheck}, or of a batch as a whole. */
export type ColumnCheck = ShareCheck | "null" | "monotonic" | "variation";

/** How often a check was made, and how often it failed. */
export interface CheckCounts {
  readonly check: ColumnCheck;
  /** How many values were asked. */
  readonly trials: number;
  /** How many failed. */
  readonly violations: number;
  /** Where that is not exact: failed at least so many, or about so many. */
  readonly accuracy?: Accuracy | undefined;
  /** The first of them. */
  readonly examples: readonly Example[];
}

/** What was seen in a column, for a patch of the schema. */
export interface Observed {
  /** How many values there were of the right type, and finite where that is asked. */
  readonly compared: number;
  /** Of finite numbers. */
  readonly minimum: number | null;
  readonly maximum: number | null;
  /** Of texts, in code points. */
  readonly shortest: number | null;
  readonly longest: number | null;
  /** Up to 100 values that are not in the domain, and how often they came. */
  readonly newValues: readonly (readonly [value: string, count: number])[];
  /** Whether there were more of them. */
  readonly hasMoreNewValues: boolean;
  /** The one value that all of those had; `null` where there were several, or none. */
  readonly only: string | null;
}

/** What was counted in one column of a batch. */
export interface ColumnCounts {
  readonly name: string;
  /** Whether no row had the column at all. */
  readonly isAbsent: boolean;
  /** How many values were not missing. */
  readonly values: number;
  readonly checks: readonly CheckCounts[];
  readonly observed: Observed;
}

/** A check that could not be made. */
export interface NotChecked {
  readonly column: string;
  readonly check: ColumnCheck | "comparison";
  readonly reason: string;
}

/** Nothing seen. */
export const nothingObserved: Observed = {
  compared: 0,
  minimum: null,
  maximum: null,
  shortest: null,
  longest: null,
  newValues: [],
  hasMoreNewValues: false,
  only: null,
};
