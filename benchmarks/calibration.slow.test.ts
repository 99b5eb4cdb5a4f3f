import { describe, expect, test } from "vitest";

import { families } from "./calibration/families.ts";
import { columnCounts, type NullCell, runNullCell } from "./calibration/null-runs.ts";
import { runPower } from "./calibration/power-runs.ts";
import {
  allowedFactor,
  falseAlarms,
  findBroken,
  type NullOutcome,
  statedRate,
} from "./calibration/summarize.ts";

/** Simulated like the table in CALIBRATION.md, from another seed. */
const sizes: readonly (Pick<NullCell, "referenceRows" | "simulated"> & {
  readonly windows: readonly number[];
})[] = [
  { referenceRows: 500, simulated: 2_000, windows: [50, 100, 250, 1_000, 10_000] },
  { referenceRows: 5_000, simulated: 800, windows: [50, 250, 1_000] },
  { referenceRows: 50_000, simulated: 200, windows: [100, 1_000] },
];

describe("without change, the verdict is drift in at most 1.2 times the stated rate", () => {
  const outcomes: NullOutcome[] = [];
  test.each(families)("$name", { timeout: 600_000 }, (family) => {
    const own = sizes.flatMap(({ referenceRows, simulated, windows }, place) =>
      windows.map((windowRows): NullOutcome => {
        const seed = 1_000_000 * (place + 1) + windowRows;
        const cell = { referenceRows, windowRows, simulated, simulatedForOthers: 0, seed };
        return { job: { kind: "null", family: family.name, cell }, result: runNullCell({ family, ...cell }) };
      }),
    );
    outcomes.push(...own);
    expect(findBroken(own)).toEqual([]);
  });

  test("all together, by the number of columns", () => {
    expect(findBroken(outcomes)).toEqual([]);
    for (const columns of columnCounts) {
      expect(falseAlarms(outcomes, "drift", columns).runs).toBeGreaterThan(100);
    }
    const { alarms, runs } = falseAlarms(outcomes, "drift", 20);
    expect(runs).toBeGreaterThan(1_000);
    expect(alarms / runs).toBeLessThanOrEqual(statedRate * allowedFactor);
  });
});

test("one of 20 columns that changes is found in at least 95 of 100 windows", { timeout: 600_000 }, () => {
  const found = runPower({ rounds: 100, roundsForOthers: 0, seed: 77 });
  for (const change of [
    "shift by 0.5 σ",
    "scale × 1.5",
    "missing, 1 % to 5 %",
    "a new category in 3 % of rows",
  ]) {
    expect(found[change]!["drift"]!.alarms, change).toBeGreaterThanOrEqual(95);
  }
});
