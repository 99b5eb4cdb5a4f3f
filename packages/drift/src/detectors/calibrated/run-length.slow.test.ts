import { describe, expect, test } from "vitest";

import { detectorNames } from "../create-detector.ts";
import { takesErrors } from "./create-statistic.ts";
import { measureRunLength, type StableStream } from "./run-length.fixtures.ts";

const ofNumbers: readonly StableStream[] = [
  "N(0, 0.1)",
  "N(0, 1)",
  "N(0, 10)",
  "t(2)",
  "Cauchy",
  "errors of 5 %",
  "errors of 50 %",
];
const ofErrors: readonly StableStream[] = [
  "errors of 3 %",
  "errors of 5 %",
  "errors of 30 %",
  "errors of 50 %",
];

// 400 expected alarms, whose standard error is 5 %.
describe.each(detectorNames)("%s has a false alarm every 10,000 values", (name) => {
  const [least, most] = takesErrors(name) ? [0.7, 1.5] : [0.8, 1.25];
  test.each(takesErrors(name) ? ofErrors : ofNumbers)(
    "of %s",
    (stream) => {
      const { mean } = measureRunLength(name, stream, { expectedRunLength: 10_000, values: 4_000_000 });
      expect(mean).toBeGreaterThan(least * 10_000);
      expect(mean).toBeLessThan(most * 10_000);
    },
    600_000,
  );
});
