import { describe, expect, test } from "vitest";

import { rows, valuesOfY } from "../predictor/fake-backend.fixtures.ts";
import { settled } from "../predictor/fake-environment.fixtures.ts";
import type { PredictionEvent } from "../predictor/prediction-event.ts";
import { modelOf, StoreSetup, type StoreSetupOptions } from "./store.fixtures.ts";

async function setUp(options: StoreSetupOptions = {}) {
  const setup = new StoreSetup(options);
  const optionsOf = (version: string, bytes = 10) => ({
    model: modelOf("a", bytes, version),
    backend: setup.backend,
    warmup: false,
  });
  const first = optionsOf("1");
  const predictor = await setup.store.open(first);
  return { setup, predictor, first, optionsOf };
}

describe("reload()", () => {
  test("loads the new version first, then sends it every request, and lets the old one finish", async () => {
    const { setup, predictor, optionsOf } = await setUp({ hold: true });
    const events: PredictionEvent[] = [];
    predictor.observe((event) => events.push(event));
    const before = predictor.predict(rows(1));
    await settled();
    setup.holdLoads = true;
    let isOver = false;
    const reloading = predictor.reload(optionsOf("2")).then(() => {
      isOver = true;
    });
    await settled();
    const during = predictor.predict(rows(2));
    expect(predictor.info.version).toBe("1");
    setup.loads[1]!.finish();
    await settled();
    expect(predictor.info.version).toBe("2");
    const after = predictor.predict(rows(3));
    await settled();
    // The old version's run has had its turn.
    setup.environment.advance(20);
    await settled();
    const [old, next] = setup.sessions as [(typeof setup.sessions)[0], (typeof setup.sessions)[0]];
    expect([old.releaseCount, isOver]).toEqual([0, false]);
    next.heldRuns[0]!.finish();
    expect(valuesOfY(await after)).toEqual([6]);
    old.heldRuns[0]!.finish();
    expect(valuesOfY(await before)).toEqual([2]);
    await settled();
    old.heldRuns[0]!.finish();
    expect(valuesOfY(await during)).toEqual([4]);
    await reloading;
    expect([old.releaseCount, next.releaseCount, setup.violations]).toEqual([1, 0, []]);
    setup.environment.runDeferred();
    expect(events.map(({ version }) => version).toSorted()).toEqual(["1", "1", "2"]);
    await predictor.close();
    expect(next.releaseCount).toBe(1);
  });

  test("that fails tells its caller, and leaves the old version as it was", async () => {
    const { setup, predictor, first, optionsOf } = await setUp({ holdLoads: false });
    setup.holdLoads = true;
    const reloading = predictor.reload(optionsOf("2"));
    reloading.catch(() => {});
    await settled();
    setup.loads[1]!.fail(new Error("bad magic"));
    await expect(reloading).rejects.toMatchObject({ code: "MODEL_LOAD_FAILED", problem: "bad magic" });
    expect(predictor.info.version).toBe("1");
    expect(valuesOfY(await predictor.predict(rows(1)))).toEqual([2]);
    expect(setup.sessions[0]!.releaseCount).toBe(0);

    setup.holdLoads = false;
    await predictor.reload(optionsOf("3"));
    expect([predictor.info.version, setup.sessions[0]!.releaseCount]).toEqual(["3", 1]);
    expect(first.model.version).toBe("1");
    await predictor.close();
  });

  test("whose warm-up fails is a reload that fails", async () => {
    const { setup, predictor, optionsOf } = await setUp();
    const bad = { ...optionsOf("2"), warmup: { inputs: [{}] } };
    await expect(predictor.reload(bad)).rejects.toMatchObject({ code: "MODEL_LOAD_FAILED" });
    expect([predictor.info.version, setup.sessions[1]!.releaseCount]).toEqual(["1", 1]);
    await predictor.close();
  });

  test("goes over by itself: others who hold the old version keep it", async () => {
    const { setup, predictor, first, optionsOf } = await setUp();
    const other = await setup.store.open(first);
    await predictor.reload(optionsOf("2"));
    expect([predictor.info.version, other.info.version]).toEqual(["2", "1"]);
    expect(setup.sessions[0]!.releaseCount).toBe(0);
    await Promise.all([predictor.close(), other.close()]);
    expect(setup.sessions.map(({ releaseCount }) => releaseCount)).toEqual([1, 1]);
  });

  test("in the middle of predictMany() fails none of its inputs", async () => {
    const { predictor, optionsOf } = await setUp();
    const inputs = Array.from({ length: 3_000 }, (_, index) => rows(index));
    const answers = predictor.predictMany(inputs);
    await settled();
    await predictor.reload(optionsOf("2"));
    expect((await answers).map(valuesOfY)).toEqual(inputs.map((_, index) => [2 * index]));
    await predictor.close();
  });

  test("several times at once goes one after the other", async () => {
    const { setup, predictor, optionsOf } = await setUp();
    await Promise.all(["2", "3", "4"].map((version) => predictor.reload(optionsOf(version))));
    expect(predictor.info.version).toBe("4");
    expect(setup.sessions.map(({ releaseCount }) => releaseCount)).toEqual([1, 1, 1, 0]);
    await predictor.close();
  });

  test("is given up when the predictor is closed, and by its signal", async () => {
    const { setup, predictor, optionsOf } = await setUp();
    setup.holdLoads = true;
    const { signal } = new AbortController();
    const reloading = predictor.reload({ ...optionsOf("2"), signal });
    reloading.catch(() => {});
    await settled();
    await predictor.close();
    await expect(reloading).rejects.toMatchObject({ code: "CLOSED" });
    await expect(predictor.reload(optionsOf("3"))).rejects.toMatchObject({ code: "CLOSED" });
    await settled();
    expect([setup.store.usedBytes, setup.store.models()]).toEqual([0, []]);

    const second = await setUp();
    const aborted = { ...second.optionsOf("2"), signal: AbortSignal.abort("enough") };
    await expect(second.predictor.reload(aborted)).rejects.toMatchObject({ code: "ABORTED" });
    expect(second.predictor.info.version).toBe("1");
    await second.predictor.close();
  });

  test("keeps both versions in the budget, and says so when there is no room for both", async () => {
    const { setup, predictor, optionsOf } = await setUp({ memoryBudgetBytes: 25 });
    await expect(predictor.reload(optionsOf("2", 20))).rejects.toMatchObject({
      code: "MEMORY_BUDGET_EXCEEDED",
      neededBytes: 20,
      besideBytes: 10,
      message: expect.stringContaining("needs 20 bytes beside the 10 of the version that it replaces"),
    });
    expect([predictor.info.version, setup.states]).toEqual(["1", ["a loaded"]]);
    await predictor.reload(optionsOf("2", 15));
    expect([predictor.info.version, setup.store.usedBytes, setup.mostBytes]).toEqual(["2", 15, 25]);
    await predictor.close();
  });

  test("keeps the count of observers that threw, and ends an observation in both versions", async () => {
    const { setup, predictor, optionsOf } = await setUp();
    let calls = 0;
    const end = predictor.observe(() => {
      calls += 1;
      throw new Error("no");
    });
    await predictor.predict(rows(1));
    setup.environment.runDeferred();
    await predictor.reload(optionsOf("2"));
    await predictor.predict(rows(1));
    setup.environment.runDeferred();
    expect([calls, predictor.health().observerErrors]).toEqual([2, 2]);
    end();
    await predictor.predict(rows(1));
    setup.environment.runDeferred();
    expect(calls).toBe(2);
    await predictor.close();
  });
});
