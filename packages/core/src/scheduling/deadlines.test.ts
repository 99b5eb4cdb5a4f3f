import { describe, expect, test } from "vitest";

import { FakeSession } from "../predictor/fake-backend.fixtures.ts";
import { settled } from "../predictor/fake-environment.fixtures.ts";
import type { Lanes } from "./lane.ts";
import { codesOf, doubled, outcomesOf, range, SchedulerSetup } from "./scheduler.fixtures.ts";

describe("a request with a deadline", () => {
  test("is tried when it finds nobody, whatever its cost is believed to be", async () => {
    const setup = new SchedulerSetup();
    await setup.train(1_000, 0);
    const { environment } = setup;
    const request = setup.submit(1, { deadline: environment.now() + 1 });
    await settled();
    await setup.finish();
    expect(request.outcomes).toEqual([[2]]);
  });

  test("is refused at once when it cannot be met, and only then", async () => {
    const setup = new SchedulerSetup({ maxBatchSize: 2 });
    await setup.train(10, 1);
    const { environment } = setup;
    setup.submitEach(1, 2);
    await settled();
    setup.submitEach(3, 4);
    // 12 ms for the run, 12 for who waits, 11 for itself.
    const [impossible, possible] = [34, 36].map((ms) =>
      setup.submit(ms, { deadline: environment.now() + ms }),
    );
    await settled();
    expect(impossible!.outcomes).toMatchObject([{ code: "OVERLOADED", reason: "deadline" }]);
    expect(possible!.outcomes).toEqual([]);
    for (const tookMs of [12, 12, 11]) await setup.finish(tookMs);
    expect(possible!.outcomes).toEqual([[72]]);
  });

  test("is not refused before anything is known of the cost", async () => {
    const setup = new SchedulerSetup();
    setup.submit(0);
    await settled();
    setup.submitEach(...range(1, 200));
    const request = setup.submit(1, { deadline: setup.environment.now() + 1 });
    await setup.runAll();
    expect(request.outcomes).toEqual([[2]]);
  });

  test("is judged by how long the run takes now, not by an estimate from before that proved too long", async () => {
    const setup = new SchedulerSetup();
    await setup.train(1_000, 0);
    setup.submit(1);
    await settled();
    await setup.finish(1);
    // The run before was expected to end in a second; it has ended.
    for (let round = 0; round < 200; round += 1) {
      setup.submit(2);
      await settled();
      await setup.finish(1);
    }
    setup.submit(3);
    await settled();
    const request = setup.submit(4, { deadline: setup.environment.now() + 50 });
    await setup.runAll();
    expect(request.outcomes).toEqual([[8]]);
  });

  test("is not refused for what it goes before", async () => {
    const setup = new SchedulerSetup({ maxBatchSize: 2 });
    await setup.train(10, 1);
    setup.submitEach(1, 2);
    await settled();
    setup.submitEach(...range(3, 60));
    const deadline = setup.environment.now() + 30;
    const [urgent, normal] = [
      setup.submit(61, { deadline, priority: "high" }),
      setup.submit(62, { deadline }),
    ];
    await settled();
    expect(codesOf([urgent, normal])).toEqual([undefined, "OVERLOADED"]);
    await setup.finish(12);
    await setup.finish(12);
    expect(urgent.outcomes).toEqual([[122]]);
  });

  test("is not refused while a lane is free, however long another one is busy", async () => {
    const setup = new SchedulerSetup({ laneCount: 2 });
    await setup.train(10, 10);
    setup.submit(range(1, 60));
    await settled();
    const request = setup.submit(61, { deadline: setup.environment.now() + 1 });
    await settled();
    expect(setup.sessions.flatMap(({ runs }) => runs.map(({ values }) => values.length))).toEqual([60, 1]);
    await setup.runAll();
    expect(request.outcomes).toEqual([[122]]);
  });
});

describe("lanes that count none as free, though there is one to take", () => {
  /** As where the only session is on this thread, and is to be taken for want of a worker. */
  function setUp(): SchedulerSetup {
    const session = new FakeSession({ hold: true });
    const lane = { session, kind: "inline" as const, memory: new Map() };
    let isTaken = false;
    const lanes: Lanes = {
      size: 1,
      freeCount: 0,
      onFree: () => {},
      onStuck: () => {},
      take: () => (isTaken ? undefined : ((isTaken = true), lane)),
      free: () => {
        isTaken = false;
        lanes.onFree();
      },
      release: async () => {},
    };
    return new SchedulerSetup({ lanes, session });
  }

  test("do not keep a deadline from being met while nothing runs", async () => {
    const setup = setUp();
    setup.submit(1);
    const request = setup.submit(2, { deadline: setup.environment.now() + 1 });
    await setup.runAll();
    expect(request.outcomes).toEqual([[4]]);
  });

  test("are not believed to be busy after a run that ended before its time", async () => {
    const setup = setUp();
    await setup.train(1_000, 0);
    setup.submit(1);
    await settled();
    await setup.finish(1);
    setup.submit(2);
    const { fixedMs, perRowMs } = setup.scheduler.cost;
    const request = setup.submit(3, { deadline: setup.environment.now() + fixedMs + 2 * perRowMs });
    await settled();
    expect(request.outcomes).toEqual([]);
    await setup.finish(1);
    expect(request.outcomes).toEqual([[6]]);
  });
});

test("a batch is kept so small that it ends before its first request's deadline", async () => {
  const setup = new SchedulerSetup({ maxBatchSize: 64 });
  await setup.train(10, 1);
  const { environment } = setup;
  setup.submit(0);
  await settled();
  setup.submit(1, { deadline: environment.now() + 51 });
  setup.submitEach(...range(2, 64));
  await setup.finish(11);
  // 40 ms are left: 10 for the batch, 30 for as many rows.
  expect(setup.batches.at(-1)).toEqual(range(1, 30));
  await setup.finish(40 - 1);
  expect(setup.batches.at(-1)).toEqual(range(31, 64));
  await setup.finish(44);
  expect(outcomesOf(setup.submissions)).toEqual(doubled(setup.submissions));
});

test("a request that will come late all the same does not go alone for ever smaller batches", async () => {
  const setup = new SchedulerSetup();
  await setup.train(10, 1);
  setup.submit(0);
  await settled();
  setup.submit([1, 2, 3], { deadline: setup.environment.now() + 30 });
  setup.submitEach(4, 5);
  await setup.finish(25);
  expect(setup.batches.at(-1)?.slice(0, 3)).toEqual([1, 2, 3]);
});

test("a batch is kept so small that it ends before the tightest deadline in it, also of one who came later", async () => {
  const setup = new SchedulerSetup();
  await setup.train(10, 1);
  setup.submit(0);
  await settled();
  setup.submitEach(...range(1, 5));
  setup.submit(6, { deadline: setup.environment.now() + 41.5 });
  setup.submitEach(...range(7, 50));
  await setup.finish(11);
  expect(setup.batches.at(-1)).toEqual(range(1, 20));
  await setup.finish(30);
  await setup.finish(40);
  expect(outcomesOf(setup.submissions)).toEqual(doubled(setup.submissions));
});

describe("where somebody was refused for want of time", () => {
  /** One batch runs, three wait that have time for a batch of theirs, and two for a larger one. */
  async function setUp(): Promise<SchedulerSetup> {
    const setup = new SchedulerSetup({ maxBatchSize: 8, maxQueueSize: 13 });
    await setup.train(10, 1);
    setup.submitEach(...range(1, 8));
    await settled();
    setup.submit(9, { deadline: setup.environment.now() + 18 + 12 });
    setup.submitEach(...range(10, 21));
    return setup;
  }

  test("the next batch is as large as it may be, and whom that makes late is refused, not run", async () => {
    const setup = await setUp();
    const refused = setup.submit(100);
    await setup.finish(18);
    expect(codesOf([refused, setup.submissions[8]!])).toEqual(["OVERLOADED", "OVERLOADED"]);
    expect(setup.submissions[8]!.outcomes).toMatchObject([{ reason: "deadline", model: "doubling" }]);
    expect(setup.batches.at(-1)).toEqual(range(10, 17));
    expect(setup.scheduler.queued).toBe(4);
    await setup.runAll();
  });

  test("that is over with the next batch", async () => {
    const setup = await setUp();
    setup.submit(100);
    await setup.finish(18);
    const urgent = setup.submit(101, { deadline: setup.environment.now() + 18 + 13.5, priority: "high" });
    await setup.finish(18);
    expect(setup.batches.at(-1)).toEqual([101, 18, 19]);
    await setup.finish(13);
    expect(urgent.outcomes).toEqual([[202]]);
    await setup.runAll();
  });

  test("nobody is refused by it who asked for the impossible", async () => {
    const setup = await setUp();
    const impossible = setup.submit(100, { deadline: setup.environment.now() + 5 });
    await setup.finish(18);
    expect(codesOf([impossible])).toEqual(["OVERLOADED"]);
    expect(setup.batches.at(-1)).toEqual([9, 10]);
    await setup.runAll();
  });
});

test("several lanes are not believed to be one that is as much faster", async () => {
  const setup = new SchedulerSetup({ maxBatchSize: 2, laneCount: 2 });
  await setup.train(10, 0);
  setup.submit([1, 2]);
  setup.submit([3, 4]);
  await settled();
  setup.submitEach(...range(5, 8));
  // Both lanes are free in 10 ms, then busy with who waits, and then there is the run itself.
  const [impossible, possible] = [29, 31].map((ms) =>
    setup.submit(ms, { deadline: setup.environment.now() + ms }),
  );
  await settled();
  expect(codesOf([impossible!, possible!])).toEqual(["OVERLOADED", undefined]);
});
