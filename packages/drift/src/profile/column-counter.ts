import type { ColumnProfile } from "./profile.ts";

/** A column's values, one for each row. */
export type ColumnValues = ArrayLike<unknown>;

/** Counts the values of one column; every kind of column has one. */
export interface ColumnCounter {
  /** Counts one row's value with the row's weight, a multiple of 2⁻²⁰. */
  add(value: unknown, weight: number): void;
  /** Counts many rows' values with weight 1. */
  addAll(values: ColumnValues): void;
  /** Adds what other profiles of the same cells counted; the caller has checked that they are. */
  merge(columns: readonly ColumnProfile[]): void;
  /** What was counted so far; the counter may go on. */
  build(): ColumnProfile;
}
