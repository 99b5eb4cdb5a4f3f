import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { BatchChoice } from "./batch-choice.ts";
import type { PendingRequest } from "./pending-request.ts";
import { headStartMs, priorities, type Priority } from "./priority.ts";
import { range } from "./scheduler.fixtures.ts";
import { countKept, QueueSetup } from "./request-queue.fixtures.ts";

describe("order", () => {
  test("is that of coming", () => {
    const setup = new QueueSetup();
    for (const name of ["a", "b", "c"]) setup.add(name);
    expect(setup.peek()).toBe("a");
    expect(setup.takeAll()).toEqual([["a"], ["b"], ["c"]]);
    expect(setup.peek()).toBeUndefined();
  });

  test("is first that of urgency", () => {
    const setup = new QueueSetup();
    for (const priority of ["low", "normal", "high", undefined] as const)
      setup.add(String(priority), { priority });
    expect(setup.takeAll()).toEqual([["high"], ["normal"], ["undefined"], ["low"]]);
  });

  test.each<[Priority, Priority, number]>([
    ["normal", "high", headStartMs.high - headStartMs.normal],
    ["low", "normal", headStartMs.normal - headStartMs.low],
    ["low", "high", headStartMs.high - headStartMs.low],
  ])("%s goes before a %s that comes more than %i ms later, and not before", (slow, urgent, headStart) => {
    for (const [laterMs, first] of [
      [headStart, "urgent"],
      [headStart + 1, "slow"],
    ] as const) {
      const setup = new QueueSetup();
      setup.add("slow", { priority: slow });
      setup.environment.advance(laterMs);
      setup.add("urgent", { priority: urgent });
      expect(setup.peek()).toBe(first);
    }
  });

  test("among batch keys is that of their first requests", () => {
    const setup = new QueueSetup();
    for (const [name, key] of ["a1", "b1", "a2", "c1", "b2"].map((name) => [name, name[0]!] as const)) {
      setup.add(name, { key });
      setup.environment.advance(1);
    }
    expect(setup.takeAll(8)).toEqual([["a1", "a2"], ["b1", "b2"], ["c1"]]);
  });

  test("lets no key that is always full keep another waiting", () => {
    const setup = new QueueSetup();
    for (let index = 0; index < 8; index += 1) setup.add(`busy ${index}`, { key: "busy" });
    setup.environment.advance(1);
    setup.add("rare", { key: "rare" });
    const order: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      order.push(...setup.take(4));
      setup.environment.advance(1);
      for (let index = 0; index < 4; index += 1) setup.add("later", { key: "busy" });
    }
    expect(order.indexOf("rare")).toBe(8);
  });
});

interface Arrival {
  readonly afterMs: number;
  readonly priority: Priority;
  readonly key: string;
  readonly rows: number;
  readonly takes: number;
}

const arrivals = fc.array(
  fc.record({
    afterMs: fc.constantFrom(0, 1, 400, 999, 1_001, 2_500),
    priority: fc.constantFrom(...priorities),
    key: fc.constantFrom("a", "b", "c"),
    rows: fc.integer({ min: 1, max: 6 }),
    takes: fc.nat(2),
  }),
  { minLength: 1, maxLength: 60 },
);

/** Plays the arrivals, with some batches taken after each; gives the order in which they were served. */
function play(list: readonly Arrival[]): { served: number[]; batches: number[][]; cameAt: number[] } {
  const setup = new QueueSetup();
  const cameAt: number[] = [];
  const batches: string[][] = [];
  for (const [index, { afterMs, priority, key, rows, takes }] of list.entries()) {
    setup.environment.advance(afterMs);
    setup.add(String(index), { priority, key, rows });
    cameAt.push(setup.environment.now());
    for (let taken = 0; taken < takes; taken += 1) batches.push(setup.take(8));
  }
  batches.push(...setup.takeAll(8));
  expect([setup.queue.size, setup.queue.rows]).toEqual([0, 0]);
  const numbers = batches.filter(({ length }) => length > 0).map((batch) => batch.map(Number));
  return { served: numbers.flat(), batches: numbers, cameAt };
}

describe("laws", () => {
  test("each request leaves once, in a batch of its own key and of no more rows than there may be", () => {
    fc.assert(
      fc.property(arrivals, (list) => {
        const { served, batches } = play(list);
        expect(served.toSorted((a, b) => a - b)).toEqual([...list.keys()]);
        for (const batch of batches) {
          expect(new Set(batch.map((index) => list[index]!.key)).size).toBe(1);
          expect(batch.reduce((sum, index) => sum + list[index]!.rows, 0)).toBeLessThanOrEqual(8);
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test("within a key and a priority, first in, first out", () => {
    fc.assert(
      fc.property(arrivals, (list) => {
        const { served } = play(list);
        for (const key of ["a", "b", "c"]) {
          for (const priority of priorities) {
            const line = served.filter(
              (index) => list[index]!.key === key && list[index]!.priority === priority,
            );
            expect(line).toEqual(line.toSorted((a, b) => a - b));
          }
        }
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  test("nothing starves: whoever comes more than the head start later opens no batch before", () => {
    fc.assert(
      fc.property(arrivals, (list) => {
        const { served, batches, cameAt } = play(list);
        const rankOf = (index: number): number => cameAt[index]! - headStartMs[list[index]!.priority];
        for (const [first] of batches as [number][]) {
          const later = new Set(served.slice(served.indexOf(first) + 1));
          const passedOver = range(0, first - 1).filter(
            (other) => later.has(other) && rankOf(other) < rankOf(first),
          );
          expect(passedOver).toEqual([]);
        }
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});

describe("forget()", () => {
  test("takes what was given up out of the account, and of the order", () => {
    const setup = new QueueSetup();
    for (const name of ["a", "b", "c", "d"]) setup.add(name, { rows: 2 });
    setup.abort("a");
    setup.abort("c");
    expect([setup.queue.size, setup.queue.rows]).toEqual([2, 4]);
    expect(setup.queue.batchableRows(setup.add("e"), 100)).toBe(5);
    expect(setup.takeAll(100)).toEqual([["b", "d", "e"]]);
    expect([setup.queue.size, setup.queue.rows]).toEqual([0, 0]);
  });

  test("is not needed for a deadline whose timer is late: nobody's turn comes after it", () => {
    const setup = new QueueSetup();
    setup.add("late", { deadlineMs: 5 });
    setup.add("in time", { deadlineMs: 6 });
    setup.add("also late", { deadlineMs: 5, rows: 3 });
    setup.environment.block(5);
    expect(setup.takeAll(100)).toEqual([["in time"]]);
    expect([setup.queue.size, setup.queue.rows]).toEqual([0, 0]);
  });

  test("lets those go that were given up behind one that waits on", async () => {
    const setup = new QueueSetup();
    setup.add("first");
    const given = Array.from({ length: 5_000 }, () => {
      const reference = new WeakRef(setup.add("given up"));
      setup.abort("given up");
      return reference;
    });
    setup.add("last");
    expect(setup.queue.size).toBe(2);
    expect(await countKept(given)).toBeLessThan(100);
    expect(setup.takeAll()).toEqual([["first"], ["last"]]);
  });
});

test("keys that come and go do not accumulate", async () => {
  const setup = new QueueSetup();
  const served = Array.from({ length: 1_000 }, (_, index) => {
    const reference = new WeakRef(setup.add("x", { key: `key ${index}` }));
    expect(setup.take(4)).toEqual(["x"]);
    return reference;
  });
  expect(setup.take()).toEqual([]);
  expect(await countKept(served)).toBeLessThan(10);
});

test.each(["taken", "given up"])("an empty queue keeps nobody who was %s", async (how) => {
  const setup = new QueueSetup();
  const gone = Array.from({ length: 20 }, () => {
    const reference = new WeakRef(setup.add("x"));
    if (how === "taken") setup.take();
    else setup.abort("x");
    return reference;
  });
  // The last one is held by its signal, which is still there.
  expect(await countKept(gone)).toBeLessThan(2);
});

test("a batch leaves out whom its choice refuses, and ends before whom it lets wait", () => {
  const setup = new QueueSetup();
  const line = ["a", "b", "c", "d", "e"].map((name) => setup.add(name));
  const verdicts = new Map([
    [line[1]!, "refuse" as const],
    [line[3]!, "wait" as const],
  ]);
  const judged: [PendingRequest, number][] = [];
  const choice: BatchChoice = {
    maxRows: 64,
    judge(request, rows) {
      judged.push([request, rows]);
      return verdicts.get(request) ?? "join";
    },
  };
  const { joined, refused } = setup.queue.takeBatch(line[0]!, choice, setup.environment.now());
  expect(joined).toEqual([line[0], line[2]]);
  expect(refused).toEqual([line[1]]);
  expect(judged).toEqual([
    [line[0], 1],
    [line[1], 2],
    [line[2], 2],
    [line[3], 3],
  ]);
  expect(setup.takeAll(64)).toEqual([["d", "e"]]);
});

test("before() counts what is as urgent or more", () => {
  const setup = new QueueSetup();
  setup.add("a", { priority: "low", rows: 4 });
  setup.add("b", { priority: "normal", rows: 2 });
  setup.add("c", { priority: "high" });
  setup.add("d", { priority: "high" });
  expect(priorities.map((priority) => setup.queue.before(priority))).toEqual([
    { rows: 2, size: 2 },
    { rows: 4, size: 3 },
    { rows: 8, size: 4 },
  ]);
});
