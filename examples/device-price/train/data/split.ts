import { createRandom, shuffled } from "../random.ts";

/** Rows to fit on, and rows held out to measure on. */
export interface Split<Row> {
  readonly train: readonly Row[];
  readonly test: readonly Row[];
}

/** The fraction of the rows that is held out. */
const testFraction = 0.2;

/** Splits at random: `round(0.2 · n)` rows are held out, the same ones for the same seed. */
export function splitRows<Row>(rows: readonly Row[], seed: number): Split<Row> {
  const order = shuffled(rows, createRandom(seed));
  const testCount = Math.round(rows.length * testFraction);
  return { train: order.slice(testCount), test: order.slice(0, testCount) };
}
