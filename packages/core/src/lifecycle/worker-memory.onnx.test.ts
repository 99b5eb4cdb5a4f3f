import { onnx } from "@mlops/backend-onnx";
import { mlpModel } from "@mlops/onnx-builder";
import { expect, test } from "vitest";

import { defineModel } from "../model/define-model.ts";
import { tensor, type TensorMap } from "../tensor/tensor.ts";
import { until } from "../worker/worker.fixtures.ts";
import { createModelStore } from "./model-store.ts";

const inputSize = 64;
const artifact = mlpModel({ inputSize, hiddenSizes: [1_500, 1_500], outputSize: 1, seed: 7 });
const rows: TensorMap = { x: tensor("float32", new Float32Array(64 * inputSize), [64, inputSize]) };

/** A model whose full batches are for a worker, in a store with room for so many sessions of it. */
async function openHeavy(room: number) {
  const store = createModelStore({ memoryBudgetBytes: room * artifact.byteLength });
  const model = defineModel({ name: "heavy", version: "1", artifact });
  const predictor = await store.open({ model, backend: onnx() });
  return { store, predictor };
}

test("a worker that comes when it is needed takes its room, and gives it back", async () => {
  await using setup = await withClose(openHeavy(2));
  const { store, predictor } = setup;
  expect(store.usedBytes).toBe(artifact.byteLength);
  // The first run says that it is slow, and the second asks for a worker.
  for (let request = 0; request < 3; request += 1) await predictor.predict(rows);
  await until(() => store.usedBytes === 2 * artifact.byteLength);
  expect(await predictor.predict(rows)).toHaveProperty("y");
  expect(predictor.info.warnings).toEqual([]);
  await predictor.close();
  expect(store.usedBytes).toBe(0);
});

test("a worker that there is no room for is not started, and the model runs where it is", async () => {
  await using setup = await withClose(openHeavy(1.5));
  const { store, predictor } = setup;
  for (let request = 0; request < 3; request += 1) await predictor.predict(rows);
  await until(() => predictor.info.warnings.length > 0);
  expect(predictor.info.warnings).toEqual([
    { type: "other", message: expect.stringContaining('the option "memoryBudgetBytes"') },
  ]);
  expect(await predictor.predict(rows)).toHaveProperty("y");
  expect(store.usedBytes).toBe(artifact.byteLength);
});

async function withClose(opening: ReturnType<typeof openHeavy>) {
  const setup = await opening;
  return { ...setup, [Symbol.asyncDispose]: () => setup.store.close() };
}
