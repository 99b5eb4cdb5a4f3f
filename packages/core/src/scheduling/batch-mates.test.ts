import { describe, expect, test } from "vitest";

import { settled } from "../predictor/fake-environment.fixtures.ts";
import { headStartMs } from "./priority.ts";
import { codesOf, range, SchedulerSetup } from "./scheduler.fixtures.ts";

describe("a request that gives up inside a running batch", () => {
  test("is answered at once, and disturbs none of its mates", async () => {
    const setup = new SchedulerSetup();
    const controller = new AbortController();
    setup.submit(1);
    setup.submit(2, { signal: controller.signal });
    setup.submit(3, { deadline: setup.environment.now() + 10 });
    setup.submit(4);
    await settled();
    controller.abort("enough");
    setup.environment.advance(10);
    await settled();
    expect(codesOf(setup.submissions)).toEqual([undefined, "ABORTED", "DEADLINE_EXCEEDED", undefined]);
    expect(setup.submissions[1]!.outcomes[0]).toMatchObject({ stage: "running", cause: "enough" });
    expect(setup.submissions[2]!.outcomes[0]).toMatchObject({ stage: "running", waitedMs: 10 });
    expect(setup.scheduler).toMatchObject({ running: 4, queued: 0 });
    await setup.finish(5);
    expect(codesOf(setup.submissions)).toEqual([[2], "ABORTED", "DEADLINE_EXCEEDED", [8]]);
    expect(setup.submissions[3]!.result).toMatchObject({ batchRows: 4, runMs: 15 });
    expect(setup.scheduler.running).toBe(0);
  });

  test("does not stop the run by its signal, which is nobody else's", async () => {
    const setup = new SchedulerSetup();
    const controllers = [1, 2].map(() => new AbortController());
    for (const [index, { signal }] of controllers.entries()) setup.submit(index, { signal });
    await settled();
    expect(setup.session.runs[0]!.options.signal).toBeUndefined();
    for (const controller of controllers) controller.abort();
    await setup.runAll();
    expect(codesOf(setup.submissions)).toEqual(["ABORTED", "ABORTED"]);
    expect(setup.batches).toHaveLength(1);
  });

  test("is not run again when the batch fails, and its mates are", async () => {
    const setup = new SchedulerSetup();
    const controller = new AbortController();
    setup.submitEach(1, 2);
    setup.submit(3, { signal: controller.signal });
    setup.submit(4);
    await settled();
    controller.abort();
    setup.session.heldRuns[0]!.fail(new Error("poison"));
    await setup.runAll();
    expect(setup.batches).toEqual([[1, 2, 3, 4], [1, 2], [4]]);
    expect(codesOf(setup.submissions)).toEqual([[2], [4], "ABORTED", [8]]);
  });

  test("leaves the last of a failed batch its chance alone: nobody knows whose fault it was", async () => {
    const setup = new SchedulerSetup();
    const controller = new AbortController();
    setup.submit(1, { signal: controller.signal });
    setup.submit(2);
    await settled();
    controller.abort();
    setup.session.heldRuns[0]!.fail(new Error("poison"));
    await setup.runAll();
    expect(codesOf(setup.submissions)).toEqual(["ABORTED", [4]]);
  });
});

test("a request whose deadline passed while this thread was busy is not begun any more", async () => {
  const setup = new SchedulerSetup({ shareRuns: false });
  const { environment } = setup;
  setup.submit(1);
  await settled();
  setup.submit(2, { deadline: environment.now() + 10 });
  setup.submit(3, { deadline: environment.now() + 30 });
  // The run computes on this thread: no timer gets its turn before the next dispatch.
  environment.block(10);
  setup.session.heldRuns[0]!.finish();
  await settled();
  expect(setup.batches).toEqual([[1], [3]]);
  expect(codesOf(setup.submissions)).toEqual([[2], "DEADLINE_EXCEEDED", undefined]);
  expect(setup.submissions[1]!.outcomes[0]).toMatchObject({ stage: "queued", waitedMs: 10 });
  await setup.finish();
  expect(codesOf(setup.submissions)).toEqual([[2], "DEADLINE_EXCEEDED", [6]]);
  expect(environment.timerCount).toBe(0);
});

describe("priorities", () => {
  test("decide who goes first, also within one batch", async () => {
    const setup = new SchedulerSetup({ maxBatchSize: 3 });
    setup.submit(0);
    await settled();
    setup.submit(1, { priority: "low" });
    setup.submitEach(2, 3);
    setup.submit(4, { priority: "high" });
    setup.submit(5, { priority: "normal" });
    setup.submit(6, { priority: "high" });
    await setup.runAll();
    expect(setup.batches).toEqual([[0], [4, 6, 2], [3, 5, 1]]);
    expect(codesOf(setup.submissions)).toEqual(range(0, 6).map((value) => [2 * value]));
  });

  test("do not keep anyone waiting for ever: a stream of urgent ones goes first for as long as their head start", async () => {
    const setup = new SchedulerSetup({ maxBatchSize: 1 });
    setup.submit(0, { priority: "high" });
    await settled();
    setup.submit(-1, { priority: "low" });
    const stepMs = 100;
    for (let value = 1; !setup.batches.some(([first]) => first === -1); value += 1) {
      setup.environment.advance(stepMs);
      setup.submit(value, { priority: "high" });
      await setup.finish();
      expect(value).toBeLessThan(100);
    }
    expect(setup.batches.length - 1).toBe((headStartMs.high - headStartMs.low) / stepMs + 1);
  });
});
