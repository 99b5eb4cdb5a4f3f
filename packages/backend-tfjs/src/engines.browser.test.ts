import { createPredictor, defineModel, openArtifact, type Session, tensor } from "@mlops/core";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

import { tfjs } from "./backend.ts";
import { denseLayers, loopGraph } from "./test-models.fixtures.ts";

const x = tensor("float32", [1, 2, 3, 4], [2, 2]);
const times = tensor("int32", [3], []);
const product = Float32Array.of(9.5, 12.25, 15.125, 19.5, 26.25, 33.125);
const doubled = Float32Array.of(8, 16, 24, 32);

test("a graphics card and WebAssembly compute beside each other, and leave no tensors", async () => {
  const sessions: Readonly<Record<"dense" | "loop", Session>>[] = [];
  for (const device of ["webgpu", "wasm"] as const) {
    const backend = tfjs({ device });
    const dense = await backend.load(openArtifact(denseLayers()), {});
    const loop = await backend.load(openArtifact(loopGraph()), {});
    expect([dense.device, loop.device]).toEqual([device, device]);
    sessions.push({ dense, loop });
  }
  // What counts asks the current backend, and so far nobody has chosen one.
  expect(tf.engine().backendName).toBeUndefined();
  await tf.setBackend("wasm");
  const before = tf.memory().numTensors;
  const runs = Array.from({ length: 24 }, (_, index) => {
    const { dense, loop } = sessions[index % 2]!;
    return index % 3 === 0 ? loop.doRun({ x, times }, {}) : dense.doRun({ x }, {});
  });
  const wide = tensor("float32", [1, 2, 3], [1, 3]);
  const failing = Promise.allSettled(sessions.map(({ dense }) => dense.doRun({ x: wide }, {})));
  for (const [index, { y }] of (await Promise.all(runs)).entries()) {
    expect(y!.data, `run ${index}`).toEqual(index % 3 === 0 ? doubled : product);
  }
  expect((await failing).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(tf.memory().numTensors).toBe(before);
  for (const { dense, loop } of sessions) {
    await dense.release();
    await loop.release();
  }
});

test("a page has its model in a web worker, on the quickest engine that there is", async () => {
  const model = defineModel({ name: "dense", version: "1", artifact: denseLayers() });
  await using predictor = await createPredictor({ model, backend: tfjs() });
  expect(predictor.info).toMatchObject({ device: "webgpu", execution: "worker", warnings: [] });
  expect((await predictor.predict({ x }))["y"]!.data).toEqual(product);
});
