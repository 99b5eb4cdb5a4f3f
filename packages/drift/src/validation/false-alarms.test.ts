import { binomialSf, createRandom } from "@mlops/stats";
import { expect, test } from "vitest";
import { countFalseAlarms } from "./false-alarms.fixtures.ts";

// A few hundred runs here, thousands in the slow test. Without a margin, which is the hardest case.
test.each([
  { referenceRows: 200, batchRows: 200 },
  { referenceRows: 200, batchRows: 1_000 },
])(
  "a batch like its reference ($referenceRows rows, $batchRows rows) is valid in 99 of 100 cases",
  (sizes) => {
    const runs = 120;
    const alarms = countFalseAlarms(createRandom(1), runs, { ...sizes, margin: 0 });
    expect(binomialSf(alarms - 1, runs, 0.01)).toBeGreaterThan(1e-3);
  },
);
