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
