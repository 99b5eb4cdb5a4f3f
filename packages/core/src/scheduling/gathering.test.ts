import { describe, expect, test } from "vitest";

import { settled } from "../predictor/fake-environment.fixtures.ts";
import { doubled, outcomesOf, range, SchedulerSetup } from "./scheduler.fixtures.ts";

describe("while a lane is free", () => {
  test("a request runs by the next turn of the event loop, without a timer", async () => {
    const setup = new SchedulerSetup();
    for (const value of [1, 2, 3]) {
      setup.submit(value);
      expect(setup.batches).toHaveLength(value - 1);
      await new Promise<void>((resolve) => setImmediate(resolve));
      expect(setup.batches.at(-1)).toEqual([value]);
      expect(setup.environment.timerCount).toBe(0);
      await setup.finish();
    }
    expect(setup.submissions.map(({ result }) => result?.queueMs)).toEqual([0, 0, 0]);
  });

  test("one after the other runs each at once, also after times of load", async () => {
    const setup = new SchedulerSetup();
    setup.submitEach(...range(1, 100));
    await setup.runAll();
    for (const value of [101, 102, 103]) {
      setup.submit(value);
      await settled();
      expect(setup.batches.at(-1)).toEqual([value]);
      await setup.finish();
    }
    expect(outcomesOf(setup.submissions)).toEqual(doubled(setup.submissions));
  });

  test("callers that are woken together share one run", async () => {
    const setup = new SchedulerSetup();
    let wake = (): void => {};
    const gate = new Promise<void>((resolve) => (wake = resolve));
    const callers = range(1, 20).map(async (value) => {
      await gate;
      setup.submit(value);
    });
    wake();
    await Promise.all(callers);
    await settled();
    expect(setup.batches).toEqual([range(1, 20)]);
  });

  test("callers that ask again once they are answered share the next run", async () => {
    const setup = new SchedulerSetup();
    setup.submitEach(1, 2, 3);
    await settled();
    await setup.finish();
    for (const value of [4, 5, 6]) void Promise.resolve().then(() => setup.submit(value));
    await settled();
    expect(setup.batches).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });
});

describe("while every lane is busy", () => {
  test("requests gather, up to the most rows of a batch, in the order in which they came", async () => {
    const setup = new SchedulerSetup({ maxBatchSize: 4 });
    setup.submit(0);
    await settled();
    setup.submitEach(...range(1, 6));
    await settled();
    expect(setup.batches).toEqual([[0]]);
    await setup.finish();
    expect(setup.batches).toEqual([[0], [1, 2, 3, 4]]);
    setup.submitEach(7, 8, 9);
    await setup.runAll();
    expect(setup.batches).toEqual([[0], [1, 2, 3, 4], [5, 6, 7, 8], [9]]);
    expect(outcomesOf(setup.submissions)).toEqual(doubled(setup.submissions));
  });

  test("a batch takes whole requests, and none that follow one that does not fit", async () => {
    const setup = new SchedulerSetup({ maxBatchSize: 4 });
    for (const values of [[1, 2, 3], [4, 5], [6], [7, 8, 9, 10], [11]]) setup.submit(values);
    await setup.runAll();
    expect(setup.batches).toEqual([[1, 2, 3], [4, 5, 6], [7, 8, 9, 10], [11]]);
    expect(outcomesOf(setup.submissions)).toEqual(doubled(setup.submissions));
    expect(setup.submissions.map(({ result }) => result?.batchRows)).toEqual([3, 3, 3, 4, 1]);
  });

  test("several lanes share out what waits", async () => {
    const setup = new SchedulerSetup({ laneCount: 3, maxBatchSize: 4 });
    setup.submitEach(...range(1, 7));
    await settled();
    expect(setup.sessions.map(({ runs }) => runs.map(({ values }) => values))).toEqual([
      [[1, 2, 3]],
      [[4, 5]],
      [[6, 7]],
    ]);
    setup.submitEach(...range(8, 20));
    await setup.runAll();
    expect(Math.max(...setup.sessions.flatMap(({ runs }) => runs.map(({ values }) => values.length)))).toBe(
      4,
    );
    expect(setup.sessions.map(({ maxParallelRuns }) => maxParallelRuns)).toEqual([1, 1, 1]);
    expect(outcomesOf(setup.submissions)).toEqual(doubled(setup.submissions));
  });

  test("a session that takes runs side by side is given what waits in one batch, and what comes then at once", async () => {
    const setup = new SchedulerSetup({ supportsParallelRuns: true });
    setup.submitEach(...range(1, 10));
    await settled();
    setup.submitEach(11, 12);
    await settled();
    expect(setup.batches).toEqual([range(1, 10), [11, 12]]);
    expect(setup.session.maxParallelRuns).toBe(2);
    for (const run of setup.session.heldRuns.toReversed()) run.finish();
    await settled();
    expect(outcomesOf(setup.submissions)).toEqual(doubled(setup.submissions));
    expect(setup.session.violations).toEqual([]);
  });

  test("each lane's batch stays as it is while the others are put together", async () => {
    const setup = new SchedulerSetup({ laneCount: 2, maxBatchSize: 2 });
    setup.submitEach(...range(1, 40));
    await setup.runAll();
    expect(setup.sessions.flatMap(({ violations }) => violations)).toEqual([]);
    expect(outcomesOf(setup.submissions)).toEqual(doubled(setup.submissions));
  });
});

describe("maxDelayMs", () => {
  test("lets a batch that is not full wait for more, no longer", async () => {
    const setup = new SchedulerSetup({ maxDelayMs: 10, maxBatchSize: 4 });
    setup.submit(1);
    await settled();
    setup.environment.advance(6);
    setup.submit(2);
    await settled();
    setup.environment.advance(3);
    await settled();
    expect(setup.batches).toEqual([]);
    setup.environment.advance(1);
    await settled();
    expect(setup.batches).toEqual([[1, 2]]);
    await setup.finish();
    expect(setup.environment.timerCount).toBe(0);
  });

  test("is cut short when the batch is full", async () => {
    const setup = new SchedulerSetup({ maxDelayMs: 10, maxBatchSize: 4 });
    setup.submitEach(1, 2, 3);
    await settled();
    setup.submitEach(4, 5);
    await settled();
    expect(setup.batches).toEqual([[1, 2, 3, 4]]);
    await setup.finish(2);
    expect(setup.batches).toHaveLength(1);
    setup.environment.advance(8);
    await settled();
    expect(setup.batches).toEqual([[1, 2, 3, 4], [5]]);
  });

  test("counts from when the request came, also behind a run", async () => {
    const setup = new SchedulerSetup({ maxDelayMs: 10, maxBatchSize: 2 });
    setup.submitEach(1, 2, 3);
    await settled();
    await setup.finish(10);
    expect(setup.batches).toEqual([[1, 2], [3]]);
  });

  test("is nobody's loss: who has waited so long runs, though others come that are more urgent", async () => {
    const setup = new SchedulerSetup({ maxDelayMs: 10 });
    setup.submit(1);
    await settled();
    setup.environment.advance(9);
    setup.submit(2, { priority: "high" });
    await settled();
    setup.environment.advance(1);
    await settled();
    expect(setup.batches).toEqual([[2, 1]]);
  });

  test("keeps another batch key waiting no longer, either", async () => {
    const setup = new SchedulerSetup({ maxDelayMs: 10 });
    setup.submit(1, { outputs: ["y"] });
    await settled();
    setup.environment.advance(9);
    setup.submit(2, { outputs: ["z"], priority: "high" });
    await settled();
    setup.environment.advance(1);
    await settled();
    await setup.finish();
    expect(setup.batches).toEqual([[2], [1]]);
  });

  test("makes nobody late: a request with a nearer deadline does not wait", async () => {
    const setup = new SchedulerSetup({ maxDelayMs: 10 });
    await setup.train(2, 0);
    const { environment } = setup;
    setup.submit(1);
    await settled();
    setup.submit(2, { deadline: environment.now() + 20 });
    await settled();
    expect(setup.batches).toEqual([]);
    setup.submit(3, { deadline: environment.now() + 11 });
    await settled();
    expect(setup.batches).toEqual([[1, 2, 3]]);
    await setup.finish(2);
    expect(outcomesOf(setup.submissions)).toEqual(doubled(setup.submissions));
  });

  test("leaves no timer behind when whoever waited has given up", async () => {
    const setup = new SchedulerSetup({ maxDelayMs: 10 });
    const controller = new AbortController();
    setup.submit(1, { signal: controller.signal });
    await settled();
    expect(setup.environment.timerCount).toBe(1);
    controller.abort();
    expect(setup.environment.timerCount).toBe(0);
  });

  test("does not hold up an end", async () => {
    const setup = new SchedulerSetup({ maxDelayMs: 10 });
    const { outcomes } = setup.submit(1, { deadline: setup.environment.now() + 5_000 });
    let isDrained = false;
    void setup.scheduler.drain().then(() => (isDrained = true));
    await settled();
    expect(isDrained).toBe(false);
    setup.environment.advance(10);
    await setup.runAll();
    expect(outcomes).toEqual([[2]]);
    expect(isDrained).toBe(true);
    expect(setup.environment.timerCount).toBe(0);
  });
});
