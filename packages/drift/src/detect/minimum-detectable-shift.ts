import { chiSquaredUpperQuantile, normalQuantile } from "@mlops/stats";
import type { ColumnTest } from "./column-test.ts";
import { harmonicRows } from "./sides.ts";

const power = 0.8;

/**
 * The smallest change, as a share of rows, that a test at this level would have found with a
 * probability of 0.8.
 *
 * - Kolmogorov-Smirnov: the critical distance √(ln(2/α)/2) / √N with N = nm/(n + m), and what the
 *   distance can fall short by.
 * - χ² and Fisher: the total variation δ for which the noncentrality 4·N·δ², the least that goes with
 *   δ, is enough.
 * - Means: the share of rows that a normal distribution moves past a point when it is shifted
 *   so far.
 *
 * @returns At most 1: then no change at all would be found for certain.
 */
export function minimumDetectableShift(test: ColumnTest, level: number): number {
  const rows = harmonicRows(test.rows);
  const shift = shiftOf(test, level, rows);
  return Math.min(Math.max(shift, 0), 1);
}

function shiftOf(test: ColumnTest, level: number, rows: number): number {
  const reserve = normalQuantile(power);
  if (test.test.startsWith("kolmogorov")) {
    return (Math.sqrt(Math.log(2 / level) / 2) + reserve / 2) / Math.sqrt(rows);
  }
  const noncentrality = noncentralityFor(Math.max(test.degreesOfFreedom ?? 1, 1), level, reserve);
  return Math.sqrt(noncentrality / rows) / 2;
}

/** The noncentrality λ at which χ² with its mean and variance df + λ and 2(df + 2λ) passes its threshold often enough. */
function noncentralityFor(degreesOfFreedom: number, level: number, reserve: number): number {
  const threshold = chiSquaredUpperQuantile(level, degreesOfFreedom);
  let low = 0;
  let high = 2 * threshold + 100;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    const reached = degreesOfFreedom + middle - reserve * Math.sqrt(2 * (degreesOfFreedom + 2 * middle));
    if (reached < threshold) low = middle;
    else high = middle;
  }
  return high;
}
