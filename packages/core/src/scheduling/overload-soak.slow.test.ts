import { test } from "vitest";

import { expectToHold, runSoak } from "./run-soak.fixtures.ts";

// The long form of overload-soak.test.ts.

test.each(["sleeping", "onnx"] as const)("a minute at ten times the capacity: %s", async (subject) => {
  expectToHold(await runSoak(subject, 60_000, 1), { goodput: 0.95, growthMb: 20 });
});
