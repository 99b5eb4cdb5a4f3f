import { binomialSf, createRandom } from "@mlops/stats";
import { expect, test } from "vitest";
import { countFalseAlarms } from "./false-alarms.fixtures.ts";

test.each([
  { referenceRows: 100, batchRows: 100 },
  { referenceRows: 300, batchRows: 3_000 },
  { referenceRows: 2_000, batchRows: 500 },
])(
  "a batch like its reference ($referenceRows rows, $batchRows rows) is valid in 99 of 100 cases",
  (sizes) => {
    const runs = 2_000;
    const alarms = countFalseAlarms(createRandom(2), runs, { ...sizes, margin: 0 });
    expect(binomialSf(alarms - 1, runs, 0.01)).toBeGreaterThan(1e-3);
  },
);
