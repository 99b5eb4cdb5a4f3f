import type { Evidence } from "../verdict/evidence.ts";

/** A test of a column, before it is adjusted for the others. */
export type ColumnTest = Omit<Evidence, "isSignificant">;

/** What the tests of one column need to know besides its counts. */
export interface TestSettings {
  /** Of the intervals of effects, in (0, 1). */
  readonly confidence: number;
  /** From which share of rows on a change of the values matters. */
  readonly materialShift: number;
  /** From which share of rows on a change of a special cell matters. */
  readonly materialSpecialShare: number;
  /** From which shift on, in standard deviations, a change of a mean matters. */
  readonly materialMeanShift: number;
  /** Seeds the permutations; the same for the same column, wherever it stands. */
  readonly seed: number;
  /** The level that one of all columns can count on: where a p-value is near, it has to be right. */
  readonly levelPerColumn: number;
  /** Whether the counts are whole rows, which can be permuted. */
  readonly isWholeRows: boolean;
}
