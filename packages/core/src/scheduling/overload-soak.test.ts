import { expect, test } from "vitest";

import { brokenLaws, runSoak } from "./run-soak.fixtures.ts";

// The law: whatever is offered, what is answered in time stays near the peak, every request has one
// answer, its own or a typed error, and neither the queue nor the memory grows.
//
// The long form holds 95 % of the peak, and overload.test.ts holds the scheduler to as much on a
// clock of its own. This one runs for three seconds with real threads, on a machine that other tests
// use at the same time, so it asks for half. A scheduler that takes everybody, or whose batches shrink
// under load, keeps a third.

test("at ten times the capacity, answers in time stay near the peak", { timeout: 60_000 }, async () => {
  const report = await runSoak("sleeping", 3_000, 1);
  expect(brokenLaws(report, { goodput: 0.5, growthMb: 60 })).toEqual([]);
});
