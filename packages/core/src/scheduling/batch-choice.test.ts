import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { EverybodyInTime, MostInTime } from "./batch-choice.ts";
import { CostModel } from "./cost-model.ts";
import type { PendingRequest } from "./pending-request.ts";
import { QueueSetup } from "./request-queue.fixtures.ts";
import { range } from "./scheduler.fixtures.ts";

/** A cost model that knows exactly this. */
function costOf(fixedMs: number, perRowMs: number): CostModel {
  const cost = new CostModel();
  for (const rows of [1, 2, 4]) cost.observe(rows, fixedMs + rows * perRowMs);
  return cost;
}

/** A line of requests with so much time each, and of so many rows. */
function lineOf(
  deadlines: readonly (number | undefined)[],
  rows: readonly number[] = [],
): { setup: QueueSetup; line: PendingRequest[]; now: number } {
  const setup = new QueueSetup();
  const line = deadlines.map((deadlineMs, index) =>
    setup.add(String(index), {
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
      rows: rows[index] ?? 1,
    }),
  );
  return { setup, line, now: setup.environment.now() };
}

describe("EverybodyInTime", () => {
  const takenOf = (deadlines: readonly (number | undefined)[], maxRows = 64): number => {
    const { setup, line, now } = lineOf(deadlines);
    return setup.queue.takeBatch(line[0]!, new EverybodyInTime(maxRows, costOf(10, 1), now), now).joined
      .length;
  };

  test.each<[what: string, deadlines: (number | undefined)[], taken: number]>([
    ["no deadline", Array.from({ length: 40 }), 40],
    ["the first one's deadline", [30.5, ...Array.from<undefined>({ length: 40 })], 20],
    [
      "one in the middle",
      [...Array.from<undefined>({ length: 10 }), 30.5, ...Array.from<undefined>({ length: 40 })],
      20,
    ],
    ["the tightest of several", [60.5, 40.5, 30.5, ...Array.from<undefined>({ length: 40 })], 20],
    ["not one who comes late all the same", [5, ...Array.from<undefined>({ length: 40 })], 41],
    [
      "nor one who is too far back for its time",
      [...Array.from<undefined>({ length: 30 }), 20, undefined],
      32,
    ],
  ])("a batch ends in time for: %s", (_, deadlines, taken) => {
    expect(takenOf(deadlines)).toBe(taken);
  });
});

describe("MostInTime", () => {
  test("takes the size that answers the most rows in time for each millisecond", () => {
    // 20 with time for 24 rows, and 30 with time for as many as there may be.
    const deadlines = [...range(1, 20).map(() => 34.5), ...range(1, 30).map(() => 1_000)];
    const { setup, line, now } = lineOf(deadlines);
    const cost = costOf(10, 1);
    // 24 rows in 34 ms are 0.71 a millisecond, 30 rows in 40 ms are 0.75.
    const choice = MostInTime.among(setup.queue.batchable(line[0]!), 64, cost, now)!;
    expect(choice.maxRows).toBe(30);
    const { joined, refused } = setup.queue.takeBatch(line[0]!, choice, now);
    expect([joined.length, refused.length]).toEqual([30, 20]);
    expect(refused).toEqual(line.slice(0, 20));
    expect(setup.queue.size).toBe(0);
  });

  test("keeps what has little time where that is the most", () => {
    const deadlines = [...range(1, 24).map(() => 34.5), ...range(1, 10).map(() => 1_000)];
    const { setup, line, now } = lineOf(deadlines);
    const choice = MostInTime.among(setup.queue.batchable(line[0]!), 64, costOf(10, 1), now)!;
    const { joined, refused } = setup.queue.takeBatch(line[0]!, choice, now);
    expect([joined.length, refused.length]).toEqual([24, 0]);
    expect(setup.queue.size).toBe(10);
  });

  test("leaves it to the other choice when nobody can be answered in time", () => {
    const { setup, line, now } = lineOf([5, 6, 7]);
    expect(MostInTime.among(setup.queue.batchable(line[0]!), 64, costOf(10, 1), now)).toBeUndefined();
  });

  test("is late by as little as the runs usually are", () => {
    const cost = costOf(10, 1);
    for (let round = 0; round < 200; round += 1) cost.observe(10, round % 2 === 0 ? 18 : 22);
    expect(cost.deviationMs).toBeGreaterThan(1.5);
    const { setup, line, now } = lineOf([cost.predictMs(1) + 1]);
    expect(MostInTime.among(setup.queue.batchable(line[0]!), 64, cost, now)).toBeUndefined();
  });

  test("law: a batch is never empty, and refuses nobody whom it could take in time", () => {
    const request = fc.record({
      deadlineMs: fc.option(fc.double({ min: 0.01, max: 200, noNaN: true }), { nil: undefined }),
      rows: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(
        fc.array(request, { minLength: 1, maxLength: 80 }),
        fc.constantFrom([0, 1], [4, 0.25], [10, 1], [7, 0]),
        fc.constantFrom(1, 4, 64),
        (requests, [fixedMs, perRowMs], maxRows) => {
          const { setup, line, now } = lineOf(
            requests.map(({ deadlineMs }) => deadlineMs),
            requests.map(({ rows }) => rows),
          );
          const cost = costOf(fixedMs!, perRowMs!);
          const choice = MostInTime.among(setup.queue.batchable(line[0]!), maxRows, cost, now);
          const hasTime = line.some(
            ({ deadline = Infinity, rows }) => deadline - now > cost.predictMs(rows) + 1e-6,
          );
          expect(choice !== undefined || !hasTime).toBe(true);
          if (choice === undefined) return;
          const { joined, refused } = setup.queue.takeBatch(line[0]!, choice, now);
          expect(joined.length).toBeGreaterThan(0);
          const slackMs = 2 * cost.deviationMs + 1e-3;
          const endsAt = now + cost.predictMs(choice.maxRows);
          expect(
            refused.filter(
              ({ deadline, rows }) => deadline! > Math.max(endsAt, now + cost.predictMs(rows)) + slackMs,
            ),
          ).toEqual([]);
          expect(joined.filter(({ deadline = Infinity }) => deadline < endsAt - slackMs)).toEqual([]);
          expect(setup.queue.size).toBe(line.length - joined.length - refused.length);
        },
      ),
      { seed: 2, numRuns: 300 },
    );
  });
});
