import { describe, expect, test } from "vitest";

import { detectorNames } from "../create-detector.ts";
import { takesErrors } from "./create-statistic.ts";
import { measureRunLength, type StableStream } from "./run-length.fixtures.ts";

const ofNumbers: readonly StableStream[] = [
  "N(0, 0.1)",
  "N(0, 10)",
  "Cauchy",
  "errors of 5 %",
  "errors of 50 %",
];
const ofErrors: readonly StableStream[] = ["errors of 5 %", "errors of 50 %"];

// 150 expected alarms have a standard error of 8 %; run lengths of errors vary more, and get 1,000. The full one is
// run-length.slow.test.ts.
describe.each(detectorNames)("%s has a false alarm every 1,000 values", (name) => {
  test.each(takesErrors(name) ? ofErrors : ofNumbers)("of %s", (stream) => {
    const values = takesErrors(name) ? 1_000_000 : 150_000;
    const { mean } = measureRunLength(name, stream, { expectedRunLength: 1000, values });
    const [least, most] = toleranceOf(name, stream);
    expect(mean).toBeGreaterThan(least * 1000);
    expect(mean).toBeLessThan(most * 1000);
  });
});

function toleranceOf(name: string, stream: StableStream): readonly [number, number] {
  // EDDM says nothing before 30 errors, which are 600 values.
  if (name === "eddm" && stream === "errors of 5 %") return [1, 2];
  // The simulated limits are too high for rare errors and short run lengths: fewer false alarms than asked for.
  if (name.startsWith("hddm") && stream === "errors of 5 %") return [0.7, 4.5];
  return [0.7, 1.4];
}
