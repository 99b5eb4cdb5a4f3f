import { describe, expect, test } from "vitest";

import { rows, setUpTensors, valuesOfY } from "../predictor/fake-backend.fixtures.ts";
import { settled } from "../predictor/fake-environment.fixtures.ts";
import { codesOf, range, SchedulerSetup } from "./scheduler.fixtures.ts";

describe("order", () => {
  test("runs one at a time, in the order in which the requests came", async () => {
    const { predictor, predictTensors, session } = await setUpTensors({ hold: true, batching: false });
    const answers = [1, 2, 3].map((value) => predictTensors(rows(value)));
    await settled();
    expect(session.runs.map(({ values }) => values)).toEqual([[1]]);
    expect(predictor.health()).toMatchObject({ queued: 2, running: 1 });

    session.heldRuns[0]!.finish();
    expect(valuesOfY(await answers[0]!)).toEqual([2]);
    await settled();
    expect(session.runs.map(({ values }) => values)).toEqual([[1], [2]]);
    expect(predictor.health()).toMatchObject({ queued: 1, running: 1 });
  });

  test("runs all at once where the session can, and each gets its own result", async () => {
    const { predictor, predictTensors, session } = await setUpTensors({
      hold: true,
      supportsParallelRuns: true,
      batching: false,
    });
    const answers = [1, 2, 3].map((value) => predictTensors(rows(value)));
    await settled();
    expect(predictor.health()).toMatchObject({ queued: 0, running: 3 });
    for (const run of session.heldRuns.toReversed()) run.finish();
    expect((await Promise.all(answers)).map(valuesOfY)).toEqual([[2], [4], [6]]);
  });

  test("a run that fails fails its own request only", async () => {
    const { predictTensors, session } = await setUpTensors({ hold: true, batching: false });
    const first = predictTensors(rows(1));
    const second = predictTensors(rows(2));
    const cause = new Error("out of memory");
    await settled();
    session.heldRuns[0]!.fail(cause);
    await expect(first).rejects.toMatchObject({
      code: "BACKEND_FAILED",
      backend: "fake",
      problem: "out of memory",
      cause,
    });
    await settled();
    session.heldRuns[0]!.finish();
    expect(valuesOfY(await second)).toEqual([4]);
  });

  test.each([true, false])(
    "a session that throws at once answers a long queue all the same; sharing runs: %o",
    async (shareRuns) => {
      const setup = new SchedulerSetup({ shareRuns, maxQueueSize: 20_000 });
      const first = setup.submit(1);
      await settled();
      const rest = range(2, 20_001).map((value) => setup.submit(value));
      setup.session.doRun = () => {
        throw new Error("at once");
      };
      await setup.finish();
      await setup.scheduler.drain();
      expect(first.outcomes).toEqual([[2]]);
      expect(rest.every(({ outcomes }) => outcomes.length === 1)).toBe(true);
      expect(new Set(codesOf(rest))).toEqual(new Set(["at once"]));
    },
  );
});

describe("an abort", () => {
  test("before the request is an answer without a run", async () => {
    const { predictTensors, session } = await setUpTensors({ batching: false });
    const reason = new Error("changed my mind");
    await expect(predictTensors(rows(1), { signal: AbortSignal.abort(reason) })).rejects.toMatchObject({
      code: "ABORTED",
      stage: "queued",
      cause: reason,
    });
    expect(session.runs).toEqual([]);
  });

  test("of a queued request takes it out of the queue at once", async () => {
    const { predictor, predictTensors, session } = await setUpTensors({ hold: true, batching: false });
    const controller = new AbortController();
    const first = predictTensors(rows(1));
    const second = predictTensors(rows(2), { signal: controller.signal });
    const third = predictTensors(rows(3));
    await settled();
    controller.abort("enough");
    expect(predictor.health()).toMatchObject({ queued: 1, running: 1 });
    await expect(second).rejects.toMatchObject({ code: "ABORTED", stage: "queued", cause: "enough" });

    session.heldRuns[0]!.finish();
    await first;
    await settled();
    session.heldRuns[0]!.finish();
    await third;
    expect(session.runs.map(({ values }) => values)).toEqual([[1], [3]]);
  });

  test("of a running request answers at once; the run runs on, and the next waits for it", async () => {
    const { predictor, predictTensors, session } = await setUpTensors({ hold: true, batching: false });
    const controller = new AbortController();
    const first = predictTensors(rows(1), { signal: controller.signal });
    const second = predictTensors(rows(2));
    await settled();
    controller.abort();
    await expect(first).rejects.toMatchObject({ code: "ABORTED", stage: "running" });
    expect(predictor.health()).toMatchObject({ queued: 1, running: 1 });
    expect(session.runs).toHaveLength(1);

    session.heldRuns[0]!.fail(new Error("nobody hears this"));
    await settled();
    session.heldRuns[0]!.finish();
    expect(valuesOfY(await second)).toEqual([4]);
  });

  test("after the answer changes nothing", async () => {
    const { predictTensors } = await setUpTensors({ batching: false });
    const controller = new AbortController();
    const answer = predictTensors(rows(1), { signal: controller.signal });
    await answer;
    controller.abort();
    expect(valuesOfY(await answer)).toEqual([2]);
  });

  test("hands the signal to the session", async () => {
    const { predictTensors, session } = await setUpTensors({ batching: false });
    const { signal } = new AbortController();
    await predictTensors(rows(1), { signal });
    expect(session.runs[0]!.options.signal).toBe(signal);
  });
});

describe("a deadline", () => {
  test.each([-1000, 0])("that has passed by %i ms is an answer without a run", async (byMs) => {
    const { predictTensors, session, environment } = await setUpTensors({ batching: false });
    const answer = predictTensors(rows(1), { deadline: environment.now() + byMs });
    await expect(answer).rejects.toMatchObject({
      code: "DEADLINE_EXCEEDED",
      stage: "queued",
      waitedMs: 0,
    });
    expect(session.runs).toEqual([]);
  });

  test("that passes in the queue takes the request out of it", async () => {
    const { predictor, predictTensors, session, environment } = await setUpTensors({
      hold: true,
      batching: false,
    });
    void predictTensors(rows(1));
    const second = predictTensors(rows(2), { deadline: environment.now() + 50 });
    await settled();
    environment.advance(49);
    expect(predictor.health().queued).toBe(1);
    environment.advance(1);
    expect(predictor.health().queued).toBe(0);
    await expect(second).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED", stage: "queued", waitedMs: 50 });
    expect(session.runs).toHaveLength(1);
  });

  test("that passes in the run answers at once; the run runs on", async () => {
    const { predictor, predictTensors, session, environment } = await setUpTensors({
      hold: true,
      batching: false,
    });
    const answer = predictTensors(rows(1), { deadline: environment.now() + 50 });
    await settled();
    environment.advance(50);
    await expect(answer).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED", stage: "running", waitedMs: 50 });
    expect(predictor.health().running).toBe(1);
    session.heldRuns[0]!.finish();
    await settled();
    expect(predictor.health().running).toBe(0);
  });

  test("that holds leaves no timer behind", async () => {
    const { predictTensors, environment } = await setUpTensors({ batching: false });
    await predictTensors(rows(1), { deadline: environment.now() + 50 });
    expect(environment.timerCount).toBe(0);
  });

  test("further away than a host's timers can count is kept to the millisecond", async () => {
    const { predictor, predictTensors, environment } = await setUpTensors({ hold: true, batching: false });
    const answer = predictTensors(rows(1), { deadline: environment.now() + 2 ** 33 });
    environment.advance(2 ** 33 - 1);
    await settled();
    expect(environment.timerCount).toBe(1);
    environment.advance(1);
    await expect(answer).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED", waitedMs: 2 ** 33 });
    expect(predictor.health().running).toBe(1);
  });

  test("of Infinity never passes", async () => {
    const { predictTensors, session, environment } = await setUpTensors({ hold: true, batching: false });
    const answer = predictTensors(rows(1), { deadline: Infinity });
    await settled();
    environment.advance(2 ** 40);
    session.heldRuns[0]!.finish();
    expect(valuesOfY(await answer)).toEqual([2]);
  });

  test.each([Number.NaN, "tomorrow", null, new Date()])("of %o is none", async (deadline) => {
    const { predictTensors, session } = await setUpTensors({ batching: false });
    await expect(predictTensors(rows(1), { deadline: deadline as number })).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
      option: "deadline",
    });
    expect(session.runs).toEqual([]);
  });
});
