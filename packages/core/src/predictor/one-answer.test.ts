import fc from "fast-check";
import { expect, test } from "vitest";

import { Schedule, type Step } from "./schedule.fixtures.ts";

// The law: every request ends in exactly one of its own result or a typed error that something
// gave cause for, whatever happens in whichever order, and the model is freed once, at the end.

const choice = fc.nat(100);
const deadlineMs = fc.option(fc.integer({ min: -2, max: 20 }), { nil: undefined, freq: 2 });
const isAborted = fc.nat(9).map((number) => number === 0);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ type: fc.constant("submit"), isAborted, deadlineMs }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant("abort"), choice }) },
    { weight: 5, arbitrary: fc.record({ type: fc.constant("finish"), choice }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("fail"), choice }) },
    {
      weight: 2,
      arbitrary: fc.record({ type: fc.constant("advance"), byMs: fc.integer({ min: 1, max: 10 }) }),
    },
    { weight: 4, arbitrary: fc.constant({ type: "settle" } as const) },
    { weight: 1, arbitrary: fc.constant({ type: "close" } as const) },
  ) as fc.Arbitrary<Step>,
  { maxLength: 60, size: "max" },
);

test.each([
  { isTyped: false, supportsParallelRuns: false },
  { isTyped: false, supportsParallelRuns: true },
  { isTyped: true, supportsParallelRuns: false },
  { isTyped: true, supportsParallelRuns: true },
])("one answer per request: %o", async ({ isTyped, supportsParallelRuns }) => {
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const schedule = new Schedule(isTyped, supportsParallelRuns);
      await schedule.start();
      for (const step of taken) await schedule.take(step);
      await schedule.finish();

      const { requests, events, session } = schedule;
      for (const { outcomes, possible } of requests) {
        expect(outcomes).toHaveLength(1);
        expect([...possible]).toContain(outcomes[0]);
      }
      const ran = session.runs.map(({ inputs }) => inputs["x"]!.data[0] as number);
      expect(ran, "first in, first out, and none twice").toEqual([...new Set(ran)].toSorted((a, b) => a - b));
      expect(ran.filter((value) => !requests[value - 1]!.mayRun)).toEqual([]);
      expect(session.maxParallelRuns).toBeLessThanOrEqual(supportsParallelRuns ? Infinity : 1);
      expect([...session.violations, ...schedule.violations]).toEqual([]);
      expect(session.releaseCount).toBe(1);
      expect(schedule.environment.timerCount).toBe(0);
      const told = events.map((event) => (event.outcome === "success" ? "a result" : event.error.code));
      const answered = requests.map(({ outcomes: [outcome] }) =>
        /^\d+$/.test(outcome!) ? "a result" : outcome!,
      );
      expect(counts(told)).toEqual(counts(answered));
    }),
    { numRuns: 150 },
  );
});

function counts(words: readonly string[]): Record<string, number> {
  const result: Record<string, number> = {};
  for (const word of words) result[word] = (result[word] ?? 0) + 1;
  return result;
}
