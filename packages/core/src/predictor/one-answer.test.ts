import fc from "fast-check";
import { expect, test } from "vitest";

import { priorities } from "../scheduling/priority.ts";
import { Schedule } from "./schedule.fixtures.ts";
import type { ScheduleOptions, Step, SubmittedRequest } from "./submitted-request.fixtures.ts";

// The law: every request ends in exactly one of its own result or a typed error that something
// gave cause for, whatever happens in whichever order, and the model is freed once, at the end.

const choice = fc.nat(100);
const oneIn = (count: number): fc.Arbitrary<boolean> => fc.nat(count - 1).map((number) => number === 0);
const submit = fc.record({
  type: fc.constant("submit" as const),
  isAborted: oneIn(10),
  isPoison: oneIn(12),
  deadlineMs: fc.option(fc.integer({ min: -2, max: 20 }), { nil: undefined, freq: 2 }),
  priority: fc.option(fc.constantFrom(...priorities), { nil: undefined }),
  rowCount: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 10 })),
});
const byMs = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 10 }) },
  fc.constantFrom(999, 1_001, 2_001),
);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 10, arbitrary: submit },
    { weight: 2, arbitrary: fc.record({ type: fc.constant("abort" as const), choice }) },
    { weight: 5, arbitrary: fc.record({ type: fc.constant("finish" as const), choice }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("fail" as const), choice }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant("advance" as const), byMs }) },
    { weight: 4, arbitrary: fc.constant({ type: "settle" } as const) },
    { weight: 1, arbitrary: oneIn(8).map((isEnd) => ({ type: isEnd ? "close" : "settle" }) as const) },
  ),
  { maxLength: 60, size: "max" },
);

const kinds: ScheduleOptions[] = [false, true].flatMap((isTyped) =>
  [false, true].flatMap((supportsParallelRuns) => {
    const base = { isTyped, supportsParallelRuns, maxDelayMs: 0 };
    return [
      { ...base, maxBatchSize: 0, maxQueueSize: 1_024 },
      { ...base, maxBatchSize: 4, maxQueueSize: 1_024 },
      { ...base, maxBatchSize: 4, maxQueueSize: 6 },
      { ...base, maxBatchSize: 4, maxQueueSize: 12, maxDelayMs: 5 },
    ];
  }),
);

test.each(kinds)("one answer per request: %o", async (options) => {
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const schedule = new Schedule(options);
      await schedule.start();
      for (const step of taken) await schedule.take(step);
      await schedule.finish();

      const { requests, events, session } = schedule;
      for (const { outcomes, possible } of requests) {
        expect(outcomes).toHaveLength(1);
        expect([...possible]).toContain(outcomes[0]);
      }
      expect([...session.violations, ...schedule.violations]).toEqual([]);
      const runs = session.runs.map(({ values }) => values);
      expectOrder(requests, runs, options);
      expectSizes(requests, runs, options);
      expect(session.maxParallelRuns).toBeLessThanOrEqual(options.supportsParallelRuns ? Infinity : 1);
      expect(session.releaseCount).toBe(1);
      expect(schedule.environment.timerCount).toBe(0);
      const told = events.map((event) => (event.outcome === "success" ? "a result" : event.error.code));
      const answered = requests.map(({ outcomes: [outcome] }) =>
        /^\d/.test(outcome!) ? "a result" : outcome!.split(" ")[0]!,
      );
      expect(counts(told)).toEqual(counts(answered));
    }),
    { seed: 1, numRuns: 100 },
  );
});

/** First in, first out within a priority; and nobody runs, for the first time or again, after the answer. */
function expectOrder(
  requests: readonly SubmittedRequest[],
  runs: readonly (readonly number[])[],
  { isTyped }: ScheduleOptions,
): void {
  const firstRuns = [...new Set(runs.flat())];
  const requestOf = new Map(
    requests.flatMap((request) => request.values.map((value) => [value, request] as const)),
  );
  for (const priority of priorities) {
    const line = firstRuns.filter((value) => (requestOf.get(value)!.priority ?? "normal") === priority);
    expect(line, `first in, first out: ${priority}`).toEqual(line.toSorted((a, b) => a - b));
  }
  for (const { values, runsUntil } of requests) {
    const late = runs.slice(runsUntil).flat();
    expect(
      late.filter((value) => values.includes(value)),
      "no run after the answer",
    ).toEqual([]);
  }
  // A typed request's rank is from the end of its encoding, which is not seen from here.
  if (isTyped) return;
  const runOf = new Map(firstRuns.map((value) => [value, runs.findIndex((run) => run.includes(value))]));
  for (const [value, run] of runOf) {
    const { rank } = requestOf.get(value)!;
    const passedOver = firstRuns.filter((other) => {
      const { runsBefore, rank: otherRank } = requestOf.get(other)!;
      return runOf.get(other)! > run && runsBefore <= run && otherRank < rank;
    });
    expect(passedOver, `nobody of a smaller rank waits while ${value} begins`).toEqual([]);
  }
}

/** What shares a run does so by the rules. */
function expectSizes(
  requests: readonly SubmittedRequest[],
  runs: readonly (readonly number[])[],
  { maxBatchSize }: ScheduleOptions,
): void {
  const whole = new Set(requests.map(({ values }) => String(values)));
  const isAllowed = (values: readonly number[]): boolean =>
    maxBatchSize === 0 ? whole.has(String(values)) : values.length <= maxBatchSize;
  expect(runs.filter((values) => !isAllowed(values))).toEqual([]);
}

function counts(words: readonly string[]): Record<string, number> {
  const result: Record<string, number> = {};
  for (const word of words) result[word] = (result[word] ?? 0) + 1;
  return result;
}
