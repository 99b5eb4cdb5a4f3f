import { expect, test } from "vitest";

import { brokenLaws, runSoak } from "./run-soak.fixtures.ts";

// The long form of overload-soak.test.ts.

test.each(["sleeping", "onnx"] as const)("a minute at ten times the capacity: %s", async (subject) => {
  const report = await runSoak(subject, 60_000, 1);
  expect(brokenLaws(report, { goodput: 0.95, growthMb: 20 })).toEqual([]);
});
