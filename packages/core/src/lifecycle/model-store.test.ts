import { describe, expect, test, vi } from "vitest";

import { rows, valuesOfY } from "../predictor/fake-backend.fixtures.ts";
import { settled } from "../predictor/fake-environment.fixtures.ts";
import { createModelStore, type OpenModelOptions } from "./model-store.ts";
import { modelOf, StoreSetup } from "./store.fixtures.ts";
import type { TensorMap } from "../tensor/tensor.ts";

type Options = Partial<OpenModelOptions<TensorMap, TensorMap>>;

/** How a promise ended, as far as it has. */
function follow<Value>(promise: Promise<Value>): { value?: Value; error?: unknown } {
  const outcome: { value?: Value; error?: unknown } = {};
  promise.then(
    (value) => (outcome.value = value),
    (error: unknown) => (outcome.error = error),
  );
  return outcome;
}

describe("models that are opened together", () => {
  test("share one load and one session; the last one to close frees it", async () => {
    const { store, backend, loads } = new StoreSetup({ holdLoads: true });
    const model = modelOf("a");
    const opening = [1, 2, 3].map(() => store.open({ model, backend }));
    // What runs a model may be loaded first.
    await vi.waitFor(() => expect(loads).not.toHaveLength(0));
    await settled();
    expect(loads).toHaveLength(1);
    loads[0]!.finish();
    const predictors = await Promise.all(opening);
    expect(new Set(predictors).size).toBe(3);
    const late = await store.open({ model, backend });
    const answers = [...predictors, late].map((predictor, index) => predictor.predict(rows(index)));
    expect((await Promise.all(answers)).map(valuesOfY)).toEqual([[0], [2], [4], [6]]);
    expect(store.models()).toMatchObject([{ model: "a", version: "1", state: "loaded", predictors: 4 }]);

    const { session } = loads[0]!;
    for (const predictor of predictors) await predictor.close();
    // A second close of one is no close of another.
    await predictors[0]!.close();
    await predictors[0]!.close();
    expect(session.releaseCount).toBe(0);
    expect(valuesOfY(await late.predict(rows(5)))).toEqual([10]);
    await late.close();
    expect([loads.length, session.releaseCount, store.models()]).toEqual([1, 1, []]);
  });

  test.each<[what: string, change: (setup: StoreSetup) => Options]>([
    ["model", () => ({ model: modelOf("a") })],
    ["backend", ({ backend }) => ({ backend: { ...backend } })],
    ["batching", () => ({ batching: false })],
    ["batching", () => ({ batching: { maxDelayMs: 5 } })],
    ["execution", () => ({ execution: "inline" })],
    ["queue", () => ({ queue: { maxSize: 5 } })],
    ["warm-up", () => ({ warmup: false })],
    ["weight", () => ({ weight: 2 })],
  ])("with another %s do not", async (_what, change) => {
    const setup = new StoreSetup();
    const options = { model: modelOf("a"), backend: setup.backend };
    await setup.store.open(options);
    await setup.store.open({ ...options, ...change(setup) });
    expect(setup.loads).toHaveLength(2);
    await setup.store.close();
  });

  test("load at the same time where there is no limit, and one after the other where there is", async () => {
    for (const memoryBudgetBytes of [undefined, 1_000]) {
      const { store, backend, loads } = new StoreSetup({ holdLoads: true, memoryBudgetBytes });
      const opening = ["a", "b"].map((name) => store.open({ model: modelOf(name), backend }));
      await settled();
      expect(loads).toHaveLength(memoryBudgetBytes === undefined ? 2 : 1);
      for (const index of [0, 1]) {
        loads[index]!.finish();
        await settled();
      }
      await Promise.all(opening);
      await store.close();
    }
  });

  test("hear of a failure all, and the next one tries again", async () => {
    const { store, backend, loads } = new StoreSetup({ holdLoads: true });
    const model = modelOf("a");
    const opening = [1, 2].map(() => follow(store.open({ model, backend })));
    await settled();
    loads[0]!.fail(new Error("bad magic"));
    await settled();
    expect(opening).toMatchObject([{ error: { problem: "bad magic" } }, { error: { problem: "bad magic" } }]);
    expect([store.models(), store.usedBytes]).toEqual([[], 0]);
    const again = store.open({ model, backend });
    await settled();
    loads[1]!.finish();
    await (await again).close();
  });

  test("each hear of the progress", async () => {
    const { store, backend } = new StoreSetup();
    const model = modelOf("a");
    const phases: string[][] = [[], []];
    await Promise.all(
      phases.map((heard) => store.open({ model, backend, onProgress: ({ phase }) => heard.push(phase) })),
    );
    expect(phases).toEqual([["warming-up"], ["warming-up"]]);
    await store.close();
  });

  test("one that gives up leaves the others alone; when all have, the load is stopped", async () => {
    const setup = new StoreSetup({ holdLoads: true });
    const { store, backend, loads } = setup;
    const model = modelOf("a");
    const controllers = [1, 2].map(() => new AbortController());
    const [first, second] = controllers.map(({ signal }) => follow(store.open({ model, backend, signal })));
    await settled();
    controllers[0]!.abort("enough");
    await settled();
    expect(first).toMatchObject({ error: { code: "ABORTED", stage: "loading", cause: "enough" } });
    expect(second).toEqual({});
    controllers[1]!.abort();
    await settled();
    expect(second).toMatchObject({ error: { code: "ABORTED" } });
    expect([setup.states, store.usedBytes]).toEqual([[], 0]);

    // Nothing is left of it: who comes now gets a load of their own.
    const third = store.open({ model, backend });
    await settled();
    expect(loads).toHaveLength(2);
    loads[1]!.finish();
    expect(valuesOfY(await (await third).predict(rows(1)))).toEqual([2]);
    await store.close();
  });

  test("one that gives up before it has asked starts nothing", async () => {
    const { store, backend, loads } = new StoreSetup();
    const signal = AbortSignal.abort();
    await expect(store.open({ model: modelOf("a"), backend, signal })).rejects.toMatchObject({
      code: "ABORTED",
    });
    expect([loads.length, store.models()]).toEqual([0, []]);
  });

  test("close without waiting for the requests of others", async () => {
    const { store, backend, loads } = new StoreSetup({ hold: true });
    const options = { model: modelOf("a"), backend, warmup: false };
    const [one, other] = await Promise.all([store.open(options), store.open(options)]);
    const answer = one.predict(rows(1));
    await settled();
    await other.close();
    expect(loads[0]!.session.releaseCount).toBe(0);
    loads[0]!.session.heldRuns[0]!.finish();
    expect(valuesOfY(await answer)).toEqual([2]);
    await one.close();
    expect(loads[0]!.session.violations).toEqual([]);
  });
});

describe("a store that is closed", () => {
  test("closes all it has opened, once their requests are answered, and opens no more", async () => {
    const { store, backend, loads } = new StoreSetup({ hold: true });
    const options = { model: modelOf("a"), backend, warmup: false };
    const predictor = await store.open(options);
    const answer = predictor.predict(rows(1));
    await settled();
    const closing = store.close();
    await expect(store.open(options)).rejects.toMatchObject({ code: "CLOSED", model: "a" });
    await expect(predictor.predict(rows(1))).rejects.toMatchObject({ code: "CLOSED" });
    loads[0]!.session.heldRuns[0]!.finish();
    expect(valuesOfY(await answer)).toEqual([2]);
    await closing;
    await store.close();
    expect([predictor.health().status, loads[0]!.session.releaseCount]).toEqual(["closed", 1]);
  });

  test("closes what was being opened, too", async () => {
    const { store, backend, loads } = new StoreSetup({ holdLoads: true });
    const opening = follow(store.open({ model: modelOf("a"), backend }));
    await settled();
    const closing = store.close();
    loads[0]!.finish();
    await closing;
    await settled();
    expect(opening).toMatchObject({ error: { code: "CLOSED" } });
    expect([loads[0]!.session.releaseCount, store.usedBytes]).toEqual([1, 0]);
  });

  test("by `await using` comes after the predictors, which `using` closes", async () => {
    const setup = new StoreSetup();
    {
      await using store = setup.store;
      using predictor = await store.open({ model: modelOf("a"), backend: setup.backend });
      await predictor.predict(rows(1));
    }
    expect(setup.sessions[0]!.releaseCount).toBe(1);
    expect(setup.warnings).toEqual([]);
  });

  test("by `using` tells the environment of a model that could not be freed", async () => {
    const setup = new StoreSetup();
    {
      using predictor = await setup.store.open({ model: modelOf("a"), backend: setup.backend });
      await predictor.predict(rows(1));
      setup.sessions[0]!.release = () => Promise.reject(new Error("device lost"));
    }
    await settled();
    expect(setup.warnings).toEqual([{ type: "other", message: expect.stringContaining("device lost") }]);
  });
});

test.each([
  ["memoryBudgetBytes", { memoryBudgetBytes: 0 }],
  ["memoryBudgetBytes", { memoryBudgetBytes: Number.NaN }],
  ["idleTimeoutMs", { idleTimeoutMs: -1 }],
  ["idleTimeoutMs", { idleTimeoutMs: Number.NaN }],
  ["cores", { cores: 0 }],
])("an option %s of %o is refused", (option, options) => {
  expect(() => createModelStore(options)).toThrow(
    expect.objectContaining({ code: "INVALID_OPTIONS", option }),
  );
});
