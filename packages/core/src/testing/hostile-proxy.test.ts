import { expect, test } from "vitest";

import { openArtifact } from "../artifact/open-artifact.ts";
import type { Session } from "../backend/session.ts";
import { tensor, type TensorMap } from "../tensor/tensor.ts";
import { fakeBackend } from "./fake-backend.ts";
import type { FakeModel } from "./fake-model.ts";
import { hostileProxy } from "./hostile-proxy.ts";
import { noopWrapper } from "./noop-wrapper.ts";
import { type BackendChange, wrapBackend } from "./wrap-backend.ts";

const identity: FakeModel = {
  inputs: [{ name: "x", dtype: "float32", shape: ["batch"] }],
  outputs: [{ name: "y", dtype: "float32", shape: ["batch"] }],
  compute: ({ x }) => ({ y: x! }),
  supportsParallelRuns: true,
};
const rows = (...values: number[]): TensorMap => ({ x: tensor("float32", values) });
const artifact = openArtifact("any");

const hostile = (change: BackendChange = {}): Promise<Session> =>
  hostileProxy(wrapBackend(fakeBackend({ model: identity }), change)).load(artifact, {});

test("answers late, and overlapping runs in another order", async () => {
  const session = await hostile();
  const answered: number[] = [];
  const runs = [1, 2, 3, 4, 5, 6].map(async (value) => {
    const { y } = await session.doRun(rows(value), {});
    answered.push(y!.data[0] as number);
  });
  expect(answered).toEqual([]);
  await Promise.all(runs);
  expect(answered).not.toEqual([1, 2, 3, 4, 5, 6]);
  expect(answered.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
});

test("finds a backend that changes its inputs, and leaves the caller's alone", async () => {
  const inputs = rows(1, 2);
  const session = await hostile({
    async doRun(inner, given, options) {
      const outputs = await inner.doRun(given, options);
      (given["x"]!.data as Float32Array)[1] = 7;
      return outputs;
    },
  });
  await expect(session.doRun(inputs, {})).rejects.toMatchObject({
    code: "BACKEND_FAILED",
    problem: 'it changed its input "x", which belongs to the caller',
  });
  expect(inputs).toEqual(rows(1, 2));
});

test("spoils the memory of inputs that a backend hands out", async () => {
  const session = await hostile({ doRun: async (_, { x }) => ({ y: x! }) });
  const { y } = await session.doRun(rows(1, 2), {});
  expect([...(y!.data as Float32Array)]).not.toEqual([1, 2]);
});

test("freezes what it gives and what it passes on", async () => {
  let given: TensorMap | undefined;
  const session = await hostile({
    doRun(inner, inputs, options) {
      given = inputs;
      return inner.doRun(inputs, options);
    },
  });
  const outputs = await session.doRun(rows(1), {});
  for (const part of [session.inputs, session.inputs[0]?.shape, outputs, outputs["y"], given, given?.["x"]]) {
    expect(Object.isFrozen(part)).toBe(true);
  }
});

test.each([noopWrapper, hostileProxy])("%o keeps the metadata, and has no worker", async (wrap) => {
  const backend = fakeBackend({ model: { ...identity, device: "gpu", maxBatchSize: 8 } });
  const wrapped = wrap({
    ...backend,
    load: backend.load.bind(backend),
    specificationVersion: "v1",
    name: "fake",
    worker: { module: new URL("x:y"), config: 0 },
  });
  expect(wrapped.worker).toBeUndefined();
  expect(wrapped.name).toBe("fake");
  expect(await wrapped.load(artifact, {})).toMatchObject({
    inputs: identity.inputs,
    outputs: identity.outputs,
    device: "gpu",
    maxBatchSize: 8,
    supportsParallelRuns: true,
    precision: { relative: 0, absolute: 0 },
    warnings: [],
  });
});
