import { createRandom, type Random } from "@mlops/stats";
import { expect, test } from "vitest";
import { profile } from "./create-profile.ts";
import { kolmogorovBounds } from "./kolmogorov-bounds.ts";
import { createProfileBuilder } from "./profile-builder.ts";
import { columnOf, type NumericSummary, type Profile } from "./profile.ts";

function draw(random: Random, rows: number): Float64Array {
  return Float64Array.from({ length: rows }, () => random.normal());
}

function numbersOf(of: Profile): NumericSummary {
  const column = columnOf(of, "x");
  if (column?.kind !== "numeric") throw new Error("x is not numeric.");
  return column.numbers;
}

// Sketches lose this: their error grows past the critical value (42 % of false alarms at 100,000 rows
// for a KLL of 1,024, 100 % at 500,000). Cells that follow the reference's quantiles do not.
test.each([
  [1_000, 1_000, 400],
  [20_000, 2_000, 300],
  [200_000, 200_000, 200],
])("%d and %d rows without drift: p is at most 0.05 in one of twenty windows", (n, m, runs) => {
  const random = createRandom(n);
  let surely = 0;
  let possibly = 0;
  for (let run = 0; run < runs; run += 1) {
    const reference = profile({ x: draw(random, n) });
    const builder = createProfileBuilder({ reference });
    builder.addAll({ x: draw(random, m) });
    const bounds = kolmogorovBounds(numbersOf(reference), numbersOf(builder.build()))!;
    expect(bounds.lower).toBeLessThanOrEqual(bounds.upper);
    if (bounds.pValueUpper <= 0.05) surely += 1;
    if (bounds.pValueLower <= 0.05) possibly += 1;
  }
  const margin = 4 * Math.sqrt((0.05 * 0.95) / runs);
  // The test's own rate is between the two.
  expect(surely / runs).toBeLessThan(0.05 + margin);
  expect(possibly / runs).toBeGreaterThan(0.05 - margin);
  expect(possibly).toBeGreaterThanOrEqual(surely);
});
