import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { openArtifact } from "../artifact/open-artifact.ts";
import { defineModel } from "../model/define-model.ts";
import { rows, valuesOfY } from "../predictor/fake-backend.fixtures.ts";
import { settled } from "../predictor/fake-environment.fixtures.ts";
import type { StoredPredictorOf } from "./stored-predictor.ts";
import { modelOf, StoreSetup, type StoreSetupOptions } from "./store.fixtures.ts";
import type { TensorMap } from "../tensor/tensor.ts";

type Stored = StoredPredictorOf<TensorMap, TensorMap>;

async function setUp(memoryBudgetBytes: number, options: StoreSetupOptions = {}) {
  const setup = new StoreSetup({ memoryBudgetBytes, ...options });
  const open = (name: string, bytes = 10, more: object = {}): Promise<Stored> =>
    setup.store.open({ model: modelOf(name, bytes), backend: setup.backend, warmup: false, ...more });
  /** One request of a predictor, which is then the last used. */
  const use = async (predictor: Stored): Promise<void> => {
    setup.environment.advance(1);
    expect(valuesOfY(await predictor.predict(rows(4)))).toEqual([8]);
  };
  return { setup, open, use };
}

describe("a memory budget", () => {
  test("lets go whom nobody has used for longest, who comes back when asked", async () => {
    const { setup, open, use } = await setUp(30);
    const [a, b, c] = [await open("a"), await open("b"), await open("c")];
    for (const predictor of [a, b, c, a]) await use(predictor);
    const d = await open("d");
    expect(setup.states).toEqual(["a loaded", "b unloaded", "c loaded", "d loaded"]);
    await use(d);
    await use(b);
    expect(setup.states).toEqual(["a loaded", "b loaded", "c unloaded", "d loaded"]);
    expect([setup.store.usedBytes, setup.mostBytes]).toEqual([30, 30]);
    for (const predictor of [a, b, c, d]) await predictor.close();
    expect([setup.store.usedBytes, setup.violations]).toEqual([0, []]);
  });

  test("lets several go for a large one", async () => {
    const { setup, open } = await setUp(30);
    for (const name of ["a", "b", "c"]) await open(name);
    await open("d", 15);
    expect(setup.states).toEqual(["a unloaded", "b unloaded", "c loaded", "d loaded"]);
    await setup.store.close();
  });

  test("frees nobody's model while it runs: who needs the room waits, and so do the next requests", async () => {
    const { setup, open } = await setUp(10, { hold: true });
    const a = await open("a");
    const first = a.predict(rows(1));
    await settled();
    const opening = open("b");
    await settled();
    const second = a.predict(rows(2));
    await settled();
    expect([setup.sessions.length, setup.sessions[0]!.releaseCount]).toEqual([1, 0]);
    expect(setup.states).toEqual(["a unloading", "b loading"]);
    setup.sessions[0]!.heldRuns[0]!.finish();
    expect(valuesOfY(await first)).toEqual([2]);
    await opening;
    await settled();
    // Nobody used "b" yet, so that the request which waits has its model back.
    setup.sessions[2]!.heldRuns[0]!.finish();
    expect(valuesOfY(await second)).toEqual([4]);
    expect(setup.states).toEqual(["a loaded", "b unloaded"]);
    await setup.store.close();
    expect([setup.violations, setup.mostBytes]).toEqual([[], 10]);
  });

  test("prefers to let go who has no requests, though it was used later", async () => {
    const { setup, open, use } = await setUp(20, { hold: false });
    const a = await open("a");
    const b = await open("b");
    await use(b);
    // Its run never ends by itself.
    const run = new Promise<TensorMap>(() => {});
    setup.sessions[0]!.doRun = () => run;
    a.predict(rows(1)).catch(() => {});
    await settled();
    await open("c");
    expect(setup.states).toEqual(["a loaded", "b unloaded", "c loaded"]);
  });

  test("refuses at once what can never fit, and names the option and what to do", async () => {
    const { setup, open, use } = await setUp(30);
    const a = await open("a");
    await expect(open("big", 31)).rejects.toMatchObject({
      code: "MEMORY_BUDGET_EXCEEDED",
      model: "big",
      neededBytes: 31,
      memoryBudgetBytes: 30,
      message: expect.stringMatching(/"big" needs 31 bytes; the option "memoryBudgetBytes" is 30\. Raise it/),
    });
    expect([setup.states, setup.store.usedBytes]).toEqual([["a loaded"], 10]);
    await use(a);
    await setup.store.close();
  });

  test("stops the reading of what can never fit", async () => {
    const { setup } = await setUp(30);
    let isReadWhole = false;
    const artifact = {
      ...openArtifact(new Uint8Array(0)),
      location: "endless",
      async read({
        onProgress,
      }: {
        onProgress?: (progress: { loadedBytes: number; totalBytes: number }) => void;
      }) {
        onProgress?.({ loadedBytes: 1, totalBytes: 1e12 });
        isReadWhole = true;
        return new Uint8Array(1);
      },
      sibling: () => artifact,
    };
    const model = defineModel({ name: "endless", version: "1", artifact: artifact as never });
    await expect(setup.store.open({ model, backend: setup.backend })).rejects.toMatchObject({
      code: "MEMORY_BUDGET_EXCEEDED",
      neededBytes: 1e12,
    });
    expect(isReadWhole).toBe(false);
  });

  test("counts what a session tells of itself, and files beside the model's", async () => {
    const told = await setUp(100, { memoryBytes: 70 });
    await told.open("a", 10);
    expect(told.setup.store.models()[0]!.bytes).toBe(70);
    await expect(told.open("b", 80)).resolves.toBeDefined();
    expect([told.setup.states, told.setup.store.usedBytes]).toEqual([["a unloaded", "b loaded"], 70]);
    await told.setup.store.close();
    expect(told.setup.store.usedBytes).toBe(0);

    const { setup } = await setUp(100);
    const backend = {
      ...setup.backend,
      load: async (...[artifact, options]: Parameters<typeof setup.backend.load>) => {
        await artifact.sibling("weights").read();
        return setup.backend.load(artifact, options);
      },
    };
    const file = { location: "a", read: async () => new Uint8Array(20), sibling: () => file };
    await setup.store.open({ model: defineModel({ name: "a", version: "1", artifact: file }), backend });
    expect(setup.store.usedBytes).toBe(40);
    await setup.store.close();
  });

  test("gives back what a failed load had taken", async () => {
    const { setup, open } = await setUp(10, { holdLoads: true });
    const opening = open("a");
    await settled();
    expect(setup.store.usedBytes).toBe(10);
    setup.loads[0]!.fail(new Error("bad magic"));
    await expect(opening).rejects.toMatchObject({ code: "MODEL_LOAD_FAILED" });
    expect(setup.store.usedBytes).toBe(0);
  });
});

test("whatever is opened, asked and closed: the budget holds, and every request has its own answer", async () => {
  const step = fc.record({
    kind: fc.constantFrom("predict", "predict", "predict", "idle", "reload", "abort"),
    who: fc.nat(4),
    value: fc.integer({ min: 1, max: 1_000 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { setup, open } = await setUp(50, { idleTimeoutMs: 100 });
      const predictors: Stored[] = [];
      for (let index = 0; index < 5; index += 1)
        predictors.push(await open(`m${index}`, 10 + 5 * (index % 3)));
      const outcomes: string[] = [];
      const expected: string[] = [];
      const work = steps.map(async ({ kind, who, value }, index) => {
        if (index % 3 === 0) await settled();
        const predictor = predictors[who]!;
        if (kind === "idle") setup.environment.advance(60);
        else if (kind === "reload") {
          const options = {
            model: modelOf(`m${who}`, 10, String(value)),
            backend: setup.backend,
            warmup: false,
          };
          await predictor.reload(options);
        } else {
          const signal = kind === "abort" ? AbortSignal.abort() : undefined;
          const outcome = await predictor
            .predict(rows(value), { signal })
            .then(valuesOfY, (error: unknown) => Reflect.get(Object(error), "code"));
          outcomes.push(String(outcome));
          expected.push(kind === "abort" ? "ABORTED" : String(2 * value));
        }
      });
      await Promise.all(work);
      await setup.store.close();
      expect(outcomes).toEqual(expected);
      expect(setup.mostBytes).toBeLessThanOrEqual(50);
      expect([setup.violations, setup.store.usedBytes, setup.store.models()]).toEqual([[], 0, []]);
      expect(setup.sessions.every(({ releaseCount }) => releaseCount === 1)).toBe(true);
      expect(setup.environment.timerCount).toBe(0);
    }),
    { numRuns: 40, seed: 20261123 },
  );
});
