import { normalQuantile } from "../distributions/normal.ts";
import type { Estimate } from "../intervals/interval.ts";

/** A number with its interval, where one can be had. */
export interface Measured {
  readonly value: number;
  /**
   * Undefined where the data cannot give one: a method based on the spread of the rows says nothing
   * when the rows do not differ, such as when every prediction is right.
   */
  readonly interval: Estimate | undefined;
}

/** The interval value ± z · standard error, cut to the range the measure can have. */
export function normalMeasured(
  value: number,
  standardError: number,
  confidence: number,
  [minimum, maximum]: readonly [number, number],
): Measured {
  // Rounding leaves a standard error of about 1e-10 where it should be 0.
  if (!(standardError > 1e-9 * Math.max(1e-6, Math.abs(value)))) return { value, interval: undefined };
  const margin = normalQuantile((1 + confidence) / 2) * standardError;
  const lower = Math.max(value - margin, minimum);
  const upper = Math.min(value + margin, maximum);
  return { value, interval: { estimate: value, lower, upper, confidence } };
}

/**
 * The standard error of a smooth function of the shares of cells, such as F1 of a confusion matrix, when
 * the rows are drawn independently (delta method: Agresti, "Categorical Data Analysis", section 16.1).
 *
 * It is the root of the sum of p·d² over cells, divided by the number of rows; d is how fast the function
 * changes when a little weight moves from everywhere to that cell, by a central difference: relative
 * precision about 1e-8.
 */
export function multinomialStandardError(
  counts: readonly (readonly number[])[],
  measure: (counts: readonly (readonly number[])[]) => number,
): number {
  const total = counts.flat().reduce((sum, count) => sum + count, 0);
  const step = 1e-5 * total;
  let variance = 0;
  for (const [row, line] of counts.entries()) {
    for (const [column, count] of line.entries()) {
      if (count === 0) continue;
      // Moving weight t into a cell and scaling to the old total are the same for a function of shares.
      const moved = (weight: number): number =>
        measure(
          counts.map((other, otherRow) =>
            otherRow === row
              ? other.map((value, otherColumn) => (otherColumn === column ? value + weight : value))
              : other,
          ),
        );
      const slope =
        (moved(Math.min(step, count)) - moved(-Math.min(step, count))) / (2 * Math.min(step, count));
      variance += count * slope * slope;
    }
  }
  return Math.sqrt(variance);
}
