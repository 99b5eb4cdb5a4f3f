import { describe, expect, test } from "vitest";

import { rows, valuesOfY } from "../predictor/fake-backend.fixtures.ts";
import { settled } from "../predictor/fake-environment.fixtures.ts";
import type { PredictionEvent } from "../predictor/prediction-event.ts";
import { modelOf, StoreSetup } from "./store.fixtures.ts";

const idleTimeoutMs = 1_000;

async function openIdle(options: ConstructorParameters<typeof StoreSetup>[0] = {}) {
  const setup = new StoreSetup({ idleTimeoutMs, ...options });
  const opened = {
    model: modelOf("a"),
    backend: setup.backend,
    warmup: false,
    queue: { maxSize: 4 },
  };
  return { setup, predictor: await setup.store.open(opened), options: opened };
}

describe("a model without requests", () => {
  test("goes after the timeout, and not before", async () => {
    const { setup, predictor } = await openIdle();
    setup.environment.advance(999);
    await settled();
    expect(setup.states).toEqual(["a loaded"]);
    setup.environment.advance(1);
    await settled();
    expect(setup.states).toEqual(["a unloaded"]);
    expect([setup.sessions[0]!.releaseCount, setup.store.usedBytes]).toEqual([1, 0]);
    expect(predictor.health().status).toBe("ready");
    await predictor.close();
    expect([setup.environment.timerCount, setup.sessions[0]!.releaseCount]).toEqual([0, 1]);
  });

  test("counts from the end of the last run", async () => {
    const { setup, predictor } = await openIdle({ hold: true });
    setup.environment.advance(500);
    const answer = predictor.predict(rows(1));
    await settled();
    setup.environment.advance(5_000);
    setup.sessions[0]!.heldRuns[0]!.finish();
    await answer;
    setup.environment.advance(999);
    await settled();
    expect(setup.states).toEqual(["a loaded"]);
    setup.environment.advance(1_001);
    await settled();
    expect(setup.states).toEqual(["a unloaded"]);
    await predictor.close();
    expect(setup.violations).toEqual([]);
  });

  test("stays without a timeout", async () => {
    const { setup, predictor } = await openIdle({ idleTimeoutMs: Infinity });
    setup.environment.advance(1e9);
    await settled();
    expect([setup.states, setup.environment.timerCount]).toEqual([["a loaded"], 0]);
    await predictor.close();
  });
});

describe("a model that has gone", () => {
  async function openGone(options: ConstructorParameters<typeof StoreSetup>[0] = {}) {
    const { setup, predictor, options: opened } = await openIdle(options);
    setup.environment.advance(idleTimeoutMs);
    await settled();
    expect(setup.states).toEqual(["a unloaded"]);
    setup.holdLoads = true;
    return { setup, predictor, options: opened };
  }

  test("comes back once for all requests, which wait and tell of their waiting", async () => {
    const { setup, predictor } = await openGone();
    const events: PredictionEvent[] = [];
    predictor.observe((event) => events.push(event));
    const answers = [1, 2, 3].map((value) => predictor.predict(rows(value)));
    await settled();
    expect([setup.loads.length, setup.states, predictor.health().queued]).toEqual([2, ["a loading"], 3]);
    setup.environment.advance(200);
    setup.loads[1]!.finish();
    expect((await Promise.all(answers)).map(valuesOfY)).toEqual([[2], [4], [6]]);
    expect([setup.loads.length, setup.states, predictor.health().queued]).toEqual([2, ["a loaded"], 0]);
    setup.environment.runDeferred();
    expect(events.map(({ queueMs }) => queueMs)).toEqual([200, 200, 200]);

    setup.environment.advance(idleTimeoutMs);
    await settled();
    expect(setup.states).toEqual(["a unloaded"]);
    await predictor.close();
  });

  test("keeps deadlines, aborts and the queue's limit while it comes back", async () => {
    const { setup, predictor } = await openGone();
    const { environment, loads } = setup;
    const controller = new AbortController();
    const late = predictor.predict(rows(1), { deadline: environment.now() + 100 });
    const aborted = predictor.predict(rows(2), { signal: controller.signal });
    const patient = predictor.predict(rows(3, 4), { deadline: environment.now() + 1e9 });
    const tooMany = predictor.predict(rows(5));
    await expect(tooMany).rejects.toMatchObject({ code: "OVERLOADED", reason: "queue-full" });
    await settled();
    environment.advance(100);
    controller.abort("enough");
    await expect(late).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED", stage: "queued", waitedMs: 100 });
    await expect(aborted).rejects.toMatchObject({ code: "ABORTED", stage: "queued", cause: "enough" });
    expect(predictor.health().queued).toBe(1);
    loads[1]!.finish();
    expect(valuesOfY(await patient)).toEqual([6, 8]);
    expect(setup.sessions[1]!.runs).toHaveLength(1);
    await predictor.close();
    expect(environment.timerCount).toBe(0);
  });

  test("is not fetched for a request that is over already", async () => {
    const { setup, predictor } = await openGone();
    await expect(predictor.predict(rows(1), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "ABORTED",
    });
    await expect(predictor.predict(rows(1), { deadline: 1 })).rejects.toMatchObject({
      code: "DEADLINE_EXCEEDED",
    });
    expect(setup.loads).toHaveLength(1);
    await predictor.close();
  });

  test("and cannot come back fails the requests, and the next one tries again", async () => {
    const { setup, predictor } = await openGone();
    const answers = [1, 2].map((value) => predictor.predict(rows(value)));
    await settled();
    setup.loads[1]!.fail(new Error("the disk is gone"));
    for (const answer of answers) {
      await expect(answer).rejects.toMatchObject({ code: "MODEL_LOAD_FAILED", problem: "the disk is gone" });
    }
    const next = predictor.predict(rows(3));
    await settled();
    setup.loads[2]!.finish();
    expect(valuesOfY(await next)).toEqual([6]);
    await predictor.close();
    expect(setup.store.usedBytes).toBe(0);
  });

  test("and comes back as another one is refused", async () => {
    const { setup, predictor } = await openGone();
    const answer = predictor.predict(rows(1));
    await settled();
    const { session } = setup.loads[1]!;
    Object.assign(session, { outputs: session.outputs.slice(0, 1) });
    setup.loads[1]!.finish();
    await expect(answer).rejects.toMatchObject({
      code: "MODEL_LOAD_FAILED",
      problem: expect.stringContaining("reload() it"),
    });
    expect(session.releaseCount).toBe(1);
    await predictor.close();
  });

  test("comes back once it is gone, and not before", async () => {
    const { setup, predictor } = await openIdle();
    let finishRelease = (): void => {};
    setup.sessions[0]!.release = () =>
      new Promise((resolve) => {
        finishRelease = resolve;
      });
    setup.environment.advance(idleTimeoutMs);
    const answer = predictor.predict(rows(1));
    await settled();
    expect([setup.loads.length, setup.store.usedBytes]).toEqual([1, 10]);
    finishRelease();
    expect(valuesOfY(await answer)).toEqual([2]);
    expect([setup.loads.length, setup.store.usedBytes]).toEqual([2, 10]);
    await predictor.close();
  });

  test.each(["a request", "a close"])(
    "and whose load was given up waits for its end before %s",
    async (what) => {
      const { setup, predictor, options } = await openGone({ ignoresAborts: true });
      const { store } = setup;
      const controller = new AbortController();
      const opening = store.open({ ...options, signal: controller.signal });
      opening.catch(() => {});
      await settled();
      expect(setup.loads).toHaveLength(2);
      controller.abort();
      await expect(opening).rejects.toMatchObject({ code: "ABORTED" });
      let isOver = false;
      const next = (what === "a close" ? predictor.close() : predictor.predict(rows(1))).then(() => {
        isOver = true;
      });
      await settled();
      expect([setup.loads.length, isOver]).toEqual([2, false]);
      setup.holdLoads = false;
      setup.loads[1]!.finish();
      await next;
      expect(setup.sessions[1]!.releaseCount).toBe(1);
      expect([setup.loads.length, store.usedBytes]).toEqual(what === "a close" ? [2, 0] : [3, 10]);
      await predictor.close();
    },
  );

  test("is closed while it comes back, after the requests that wait for it", async () => {
    const { setup, predictor } = await openGone();
    const answer = predictor.predict(rows(1));
    const closing = predictor.close();
    await settled();
    setup.loads[1]!.finish();
    expect(valuesOfY(await answer)).toEqual([2]);
    await closing;
    expect(setup.sessions.map(({ releaseCount }) => releaseCount)).toEqual([1, 1]);
  });
});
