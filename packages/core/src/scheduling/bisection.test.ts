import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { WorkerLostError } from "../errors/worker-lost-error.ts";
import { settled } from "../predictor/fake-environment.fixtures.ts";
import { codesOf, range, SchedulerSetup } from "./scheduler.fixtures.ts";

/** Runs `count` requests in one batch, of which `poisons` fail. */
async function play(count: number, poisons: readonly number[]): Promise<SchedulerSetup> {
  const setup = new SchedulerSetup({ maxBatchSize: 64 });
  setup.submitEach(...range(1, count));
  await setup.runAll((value) => poisons.includes(value));
  expect(setup.submissions.every(({ outcomes }) => outcomes.length === 1)).toBe(true);
  expect(codesOf(setup.submissions)).toEqual(
    range(1, count).map((value) => (poisons.includes(value) ? `poison ${value}` : [2 * value])),
  );
  await setup.scheduler.drain();
  return setup;
}

describe("of a batch that fails, only the guilty do", () => {
  test.each<[count: number, poisons: number[], runs: number]>([
    [1, [1], 1],
    [2, [1], 3],
    [2, [1, 2], 3],
    [3, [3], 3],
    [3, [1], 5],
    [8, [5], 7],
    [8, [1, 8], 11],
    [8, [1, 2], 7],
    [64, [1], 13],
    [64, [64], 13],
    [64, [33], 13],
    [64, range(1, 64), 127],
  ])("%i requests with the poisons %j take %i runs", async (count, poisons, runs) => {
    const setup = await play(count, poisons);
    expect(setup.batches).toHaveLength(runs);
  });

  test("each half runs again in the order of coming, and before who comes later", async () => {
    const setup = new SchedulerSetup({ maxBatchSize: 4 });
    setup.submitEach(...range(1, 6));
    await setup.runAll((value) => value === 3);
    expect(setup.batches).toEqual([[1, 2, 3, 4], [1, 2], [3, 4], [3], [4], [5, 6]]);
  });

  test("law: whoever they are, in at most two runs more for each of them and each halving", async () => {
    const batch = fc.integer({ min: 1, max: 64 }).chain((count) =>
      fc.record({
        count: fc.constant(count),
        poisons: fc.uniqueArray(fc.integer({ min: 1, max: count }), { maxLength: 5 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(batch, async ({ count, poisons }) => {
        const { batches } = await play(count, poisons);
        const k = poisons.length;
        // A poison fails one batch of each size that is halved on the way to itself.
        const depth = Math.ceil(Math.log2(count));
        expect(batches.length).toBeLessThanOrEqual(1 + 2 * k * depth);
        expect(batches.length).toBeLessThanOrEqual(2 * count - 1);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  test("a request of several rows stays whole", async () => {
    const setup = new SchedulerSetup();
    for (const values of [[1, 2, 3], [4], [5, 6]]) setup.submit(values);
    await setup.runAll((value) => value === 2);
    expect(codesOf(setup.submissions)).toEqual(["poison 2", [8], [10, 12]]);
    expect(setup.batches).toEqual([[1, 2, 3, 4, 5, 6], [1, 2, 3, 4], [5, 6], [1, 2, 3], [4]]);
  });

  test("halves run side by side where there are lanes for them", async () => {
    const setup = new SchedulerSetup({ laneCount: 2 });
    setup.submit(0);
    await settled();
    setup.submitEach(...range(1, 4));
    await settled();
    const [first, second] = setup.sessions;
    expect(second!.heldRuns[0]!.values).toEqual([1, 2, 3, 4]);
    first!.heldRuns[0]!.finish();
    second!.heldRuns[0]!.fail(new Error("poison"));
    await settled();
    expect([first, second].map((session) => session!.heldRuns[0]!.values)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    await setup.runAll();
    expect(codesOf(setup.submissions)).toEqual([[0], [2], [4], [6], [8]]);
  });
});

describe("while halves wait to run again", () => {
  async function failFirstOf(count: number): Promise<SchedulerSetup> {
    const setup = new SchedulerSetup({ maxBatchSize: 4 });
    const controllers = range(1, count).map(() => new AbortController());
    for (const value of range(1, count)) {
      setup.submit(value, {
        signal: controllers[value - 1]!.signal,
        deadline: value % 2 === 0 ? setup.environment.now() + 50 : undefined,
      });
    }
    await settled();
    setup.session.heldRuns[0]!.fail(new Error("poison"));
    await settled();
    controllers[2]!.abort();
    return setup;
  }

  test("they are counted as waiting, and an end waits for them", async () => {
    const setup = await failFirstOf(4);
    expect(setup.scheduler).toMatchObject({ running: 2, queued: 1 });
    let isDrained = false;
    void setup.scheduler.drain().then(() => (isDrained = true));
    await settled();
    expect(isDrained).toBe(false);
    await setup.finish();
    expect([setup.batches.at(-1), isDrained]).toEqual([[4], false]);
    await setup.finish();
    expect(isDrained).toBe(true);
    expect(codesOf(setup.submissions)).toEqual([[2], [4], "ABORTED", [8]]);
  });

  test("who gives up is not run again, and an end does not wait for a half that all gave up", async () => {
    const setup = await failFirstOf(4);
    setup.environment.advance(50);
    let isDrained = false;
    void setup.scheduler.drain().then(() => (isDrained = true));
    await setup.finish();
    expect(isDrained).toBe(true);
    expect(setup.batches).toEqual([
      [1, 2, 3, 4],
      [1, 2],
    ]);
    expect(codesOf(setup.submissions)).toEqual([[2], "DEADLINE_EXCEEDED", "ABORTED", "DEADLINE_EXCEEDED"]);
    expect(setup.environment.timerCount).toBe(0);
  });
});

describe("a request whose worker ends", () => {
  const lost = new WorkerLostError({ problem: "it exited with code 7" });

  test("has a second chance, before who comes later", async () => {
    const setup = new SchedulerSetup();
    setup.submit(1);
    await settled();
    setup.submit(2);
    setup.session.heldRuns[0]!.fail(lost);
    await setup.runAll();
    expect(setup.batches).toEqual([[1], [1], [2]]);
    expect(codesOf(setup.submissions)).toEqual([[2], [4]]);
  });

  test("has no third one", async () => {
    const setup = new SchedulerSetup();
    setup.submitEach(1, 2);
    await setup.runAll(
      (value) => value === 1,
      () => lost,
    );
    expect(setup.batches.filter((values) => values.includes(1))).toEqual([[1, 2], [1], [1]]);
    expect(codesOf(setup.submissions)).toEqual(["WORKER_LOST", [4]]);
  });

  test("and whoever waits when no lane can be had is told", async () => {
    const setup = new SchedulerSetup();
    setup.submitEach(1, 2);
    await settled();
    setup.submitEach(3);
    const error = new Error("no worker can be started");
    setup.lanes.onStuck(error);
    await setup.runAll();
    expect(setup.submissions.map(({ outcomes: [outcome] }) => outcome)).toEqual([[2], [4], error]);
    await setup.scheduler.drain();
  });
});
