import { describe, expect, test } from "vitest";

import { BackendError } from "../errors/backend-error.ts";
import { defineModel } from "../model/define-model.ts";
import { createPredictor, type CreatePredictorOptions } from "../predictor/create-predictor.ts";
import type { Predictor } from "../predictor/predictor.ts";
import { tensor, type TensorMap } from "../tensor/tensor.ts";
import { fakeArtifact } from "./fake-artifact.ts";
import { type FakeBackend, fakeBackend, type FakeBackendOptions } from "./fake-backend.ts";
import { FakeEnvironment, settled } from "./fake-environment.ts";
import type { FakeModel } from "./fake-model.ts";

const doubling: FakeModel = {
  inputs: [{ name: "x", dtype: "float32", shape: ["batch"] }],
  outputs: [
    { name: "y", dtype: "float32", shape: ["batch"] },
    { name: "same", dtype: "float32", shape: ["batch"] },
  ],
  compute: ({ x }) => ({
    y: tensor(
      "float32",
      (x!.data as Float32Array).map((value) => 2 * value),
    ),
    same: x!,
  }),
};
const model = defineModel({ name: "doubling", version: "1", artifact: "no such file" });
const rows = (...values: number[]): TensorMap => ({ x: tensor("float32", values) });
const valuesOf = (outputs: TensorMap): number[] => [...(outputs["y"]!.data as Float32Array)];

interface SetUp {
  readonly backend: FakeBackend;
  readonly predictor: Predictor;
  readonly environment: FakeEnvironment;
}

async function setUp(
  options: Partial<FakeBackendOptions> = {},
  predictorOptions: Partial<CreatePredictorOptions<TensorMap, TensorMap>> = {},
): Promise<SetUp> {
  const environment = new FakeEnvironment();
  const backend = fakeBackend({ model: doubling, environment, ...options });
  const predictor = await createPredictor({
    model,
    backend,
    environment,
    warmup: false,
    ...predictorOptions,
  });
  return { backend, predictor, environment };
}

test("computes, and remembers what it was asked", async () => {
  const { backend, predictor } = await setUp();
  expect(valuesOf(await predictor.predict(rows(1, 2)))).toEqual([2, 4]);
  expect(backend.runs).toMatchObject([{ number: 1, inputs: rows(1, 2), state: "succeeded" }]);
  expect(backend).toMatchObject({ loadCount: 1, openSessions: 1, maxParallelRuns: 1, violations: [] });
  await predictor.close();
  expect(backend.openSessions).toBe(0);
});

describe("holding", () => {
  test("lets requests gather until they are let go", async () => {
    const { backend, predictor } = await setUp();
    backend.hold();
    const first = predictor.predict(rows(1));
    await backend.untilRuns(1);
    const others = [2, 3].map((value) => predictor.predict(rows(value)));
    await settled();
    expect(backend.heldRuns.map(({ inputs }) => inputs)).toEqual([rows(1)]);
    expect(predictor.health()).toMatchObject({ queued: 2, running: 1 });
    backend.letGo();
    expect((await Promise.all([first, ...others])).map(valuesOf)).toEqual([[2], [4], [6]]);
    expect(backend.runs.map(({ inputs }) => inputs)).toEqual([rows(1), rows(2, 3)]);
  });

  test("ends by itself when so many are held", async () => {
    const parallel = { ...doubling, supportsParallelRuns: true };
    const { backend, predictor } = await setUp({ model: parallel }, { batching: false });
    backend.hold({ until: 3 });
    const answers: number[] = [];
    const requests = [1, 2, 3].map(async (value, index) => {
      await settled();
      if (index > 0) await settled();
      answers.push(...valuesOf(await predictor.predict(rows(value))));
    });
    await backend.untilRuns(1);
    expect(answers).toEqual([]);
    await Promise.all(requests);
    expect(answers).toEqual([2, 4, 6]);
    expect(backend.maxParallelRuns).toBe(3);
    await predictor.predict(rows(4));
  });

  test("goes on run by run, to a result or an error", async () => {
    const { backend, predictor } = await setUp({}, { batching: false });
    backend.hold();
    const [first, second] = [predictor.predict(rows(1)), predictor.predict(rows(2))];
    await backend.untilRuns(1);
    backend.heldRuns[0]!.fail(new Error("out of memory"));
    await expect(first).rejects.toMatchObject({ code: "BACKEND_FAILED", cause: new Error("out of memory") });
    await backend.untilRuns(2);
    backend.heldRuns[0]!.finish();
    expect(valuesOf(await second)).toEqual([4]);
    expect(backend.runs.map(({ state }) => state)).toEqual(["failed", "succeeded"]);
  });
});

describe("faults", () => {
  test("fail the run with their number", async () => {
    const error = new Error("out of memory");
    const { predictor } = await setUp({ faults: [{ on: "run", number: 2, action: "fail", error }] });
    await predictor.predict(rows(1));
    await expect(predictor.predict(rows(2))).rejects.toMatchObject({ code: "BACKEND_FAILED", cause: error });
    expect(valuesOf(await predictor.predict(rows(3)))).toEqual([6]);
  });

  test("that are typed errors come as they are", async () => {
    const error = new BackendError({ backend: "gpu", problem: "the device was lost" });
    const { predictor } = await setUp({ faults: [{ on: "run", number: 1, action: "fail", error }] });
    await expect(predictor.predict(rows(1))).rejects.toBe(error);
  });

  test("slow a run down, by the fake clock", async () => {
    const { predictor, environment } = await setUp({
      faults: [{ on: "run", number: 1, action: "slow", delayMs: 500 }],
    });
    const answer = predictor.predict(rows(1));
    await settled();
    environment.advance(499);
    await settled();
    expect(predictor.health().running).toBe(1);
    environment.advance(1);
    expect(valuesOf(await answer)).toEqual([2]);
  });

  test("hang a run, which a deadline ends for its caller", async () => {
    const { predictor, environment } = await setUp({ faults: [{ on: "run", number: 1, action: "hang" }] });
    const answer = predictor.predict(rows(1), { deadline: environment.now() + 200 });
    const outcome = answer.catch((error: unknown) => error);
    await settled();
    environment.advance(201);
    expect(await outcome).toMatchObject({ code: "DEADLINE_EXCEEDED" });
  });

  test("crash the worker, with all runs under way", async () => {
    const parallel = { ...doubling, supportsParallelRuns: true };
    const { backend, predictor } = await setUp(
      {
        model: parallel,
        faults: [
          { on: "run", number: 2, action: "crash" },
          // Each has had a second chance then.
          { on: "run", number: 4, action: "crash" },
        ],
      },
      { batching: false },
    );
    backend.hold();
    const outcomes = Promise.allSettled([1, 2].map((value) => predictor.predict(rows(value))));
    await backend.untilRuns(2);
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "WORKER_LOST" } });
    }
    backend.letGo();
    expect(valuesOf(await predictor.predict(rows(3)))).toEqual([6]);
  });

  test("fail, slow down and hang a load", async () => {
    const environment = new FakeEnvironment();
    const backend = fakeBackend({
      model: doubling,
      environment,
      faults: [
        { on: "load", number: 1, action: "fail" },
        { on: "load", number: 2, action: "slow", delayMs: 100 },
        { on: "load", number: 3, action: "hang" },
      ],
    });
    await expect(createPredictor({ model, backend })).rejects.toMatchObject({ code: "MODEL_LOAD_FAILED" });
    let isLoaded = false;
    const slow = createPredictor({ model, backend }).then(() => (isLoaded = true));
    await settled();
    expect(isLoaded).toBe(false);
    environment.advance(100);
    await slow;
    const controller = new AbortController();
    const hanging = createPredictor({ model, backend, signal: controller.signal });
    await settled();
    controller.abort();
    await expect(hanging).rejects.toMatchObject({ code: "ABORTED" });
    await (await createPredictor({ model, backend })).close();
    expect(backend.loadCount).toBe(4);
  });
});

describe("tells what its caller must not do", () => {
  test("changing the inputs of a run", async () => {
    const backend = fakeBackend({ model: doubling });
    const session = await backend.load({ location: "any" } as never, {});
    backend.hold();
    const inputs = rows(1);
    const run = session.doRun(inputs, {});
    (inputs["x"]!.data as Float32Array)[0] = 7;
    backend.letGo();
    expect(valuesOf(await run)).toEqual([14]);
    expect(backend.violations).toEqual(['the input "x" changed during a run']);
  });

  test("overlapping runs, and runs after the release", async () => {
    const backend = fakeBackend({ model: doubling });
    const session = await backend.load({ location: "any" } as never, {});
    await Promise.all([session.doRun(rows(1), {}), session.doRun(rows(2), {})]);
    await session.release();
    await expect(session.doRun(rows(3), {})).rejects.toMatchObject({ code: "BACKEND_FAILED" });
    expect(backend.violations).toEqual(["runs overlapped", "a run began after the release"]);
  });
});

test("a model that gives no output that it declares fails its run", async () => {
  const { predictor } = await setUp({ model: { ...doubling, compute: ({ x }) => ({ y: x! }) } });
  await expect(predictor.predict(rows(1))).rejects.toMatchObject({
    code: "BACKEND_FAILED",
    message: 'The fake backend failed: compute() gave no output "same".',
  });
});

test("loads models by their name", async () => {
  const backend = fakeBackend({ models: { doubling } });
  const named = defineModel({ name: "a", version: "1", artifact: fakeArtifact("doubling") });
  await using predictor = await createPredictor({ model: named, backend });
  expect(valuesOf(await predictor.predict(rows(4)))).toEqual([8]);
  const unknown = defineModel({ name: "a", version: "1", artifact: fakeArtifact("toString") });
  await expect(createPredictor({ model: unknown, backend })).rejects.toMatchObject({
    code: "MODEL_LOAD_FAILED",
    problem: 'there is no fake model "toString"',
  });
});

test.each<[option: string, options: FakeBackendOptions]>([
  ["model", {}],
  ["model", { model: doubling, models: { doubling } }],
  ["faults", { model: doubling, faults: [{ on: "run", number: 0, action: "hang" }] }],
])("refuses a wrong %s", (option, options) => {
  expect(() => fakeBackend(options)).toThrow(expect.objectContaining({ code: "INVALID_OPTIONS", option }));
});
