import { test } from "vitest";

import { expectToHold, runSoak } from "./run-soak.fixtures.ts";

// The law: whatever is offered, what is answered in time stays near the peak, every request has one
// answer, its own or a typed error, and neither the queue nor the memory grows.
//
// The long form holds 95 % of the peak. This one runs for three seconds, on a machine that other
// tests use at the same time: a thread that is not scheduled for a tenth of a second costs several
// batches, and admission is careful for a while after. Half of the peak is far from both: a
// scheduler whose batches shrink under load keeps less than a tenth.

test("at ten times the capacity, answers in time stay near the peak", { timeout: 60_000 }, async () => {
  expectToHold(await runSoak("sleeping", 3_000, 1), { goodput: 0.5, growthMb: 60 });
});
