import { tensor } from "@mlops/core";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import * as tfl from "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, test } from "vitest";

import { fromLayersModel } from "./from-layers-model.ts";

// In this order: before a backend is chosen there is none.
test("needs a backend of TensorFlow.js that is ready", async () => {
  const model = tfl.sequential({ layers: [tfl.layers.reLU({ inputShape: [2] })] });
  await expect(fromLayersModel(model)).rejects.toMatchObject({ code: "UNSUPPORTED" });
});

describe("once there is one", () => {
  beforeAll(async () => void (await tf.setBackend("cpu")));
  const x = tensor("float32", [1, 2], [1, 2]);

  test("predicts as the model does, and follows its training", async () => {
    const model = tfl.sequential({
      layers: [tfl.layers.dense({ units: 1, inputShape: [2], kernelInitializer: "ones", name: "price" })],
    });
    await using predictor = await fromLayersModel(model, { name: "price", version: "1.0.0" });
    expect(predictor.info).toMatchObject({
      model: "price",
      version: "1.0.0",
      execution: "inline",
      device: "cpu",
    });
    const input = model.inputNames[0]!;
    const predict = async (): Promise<number> =>
      (await predictor.predict({ [input]: x }))["price"]!.data[0] as number;
    expect(await predict()).toBe(3);
    model.setWeights([tf.tensor2d([[10], [1]]), tf.tensor1d([0.5])]);
    expect(await predict()).toBe(12.5);
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    await model.fit(tf.tensor2d([[1, 2]]), tf.tensor2d([[0]]), { epochs: 1, verbose: 0 });
    const [after] = (model.predict(tf.tensor2d([[1, 2]])) as tf.Tensor).dataSync();
    expect(await predict()).toBe(after);
    expect(after).not.toBe(12.5);
  });

  test("batches requests, and gives each its own answer", async () => {
    const model = tfl.sequential({ layers: [tfl.layers.dense({ units: 2, inputShape: [2], name: "y" })] });
    const predictor = await fromLayersModel(model);
    const batchSizes = new Set<number>();
    predictor.observe((event) => event.outcome === "success" && batchSizes.add(event.batchRows ?? 0));
    const rows = Array.from({ length: 20 }, (_, index) => [index, index * index]);
    const answers = await predictor.predictMany(
      rows.map((row) => ({ [model.inputNames[0]!]: tensor("float32", row, [1, 2]) })),
    );
    const expected = model.predict(tf.tensor2d(rows)) as tf.Tensor;
    expect(answers.flatMap(({ y }) => [...(y!.data as Float32Array)])).toEqual([...expected.dataSync()]);
    await predictor.close();
    expect(Math.max(...batchSizes)).toBeGreaterThan(1);
    // It is the caller's as before.
    expect(() => model.predict(tf.tensor2d([[1, 2]]))).not.toThrow();
  });

  test("makes no tensors that stay", async () => {
    const model = tfl.sequential({ layers: [tfl.layers.dense({ units: 2, inputShape: [2] })] });
    const before = tf.memory().numTensors;
    const predictor = await fromLayersModel(model);
    await predictor.predictMany(Array.from({ length: 9 }, () => ({ [model.inputNames[0]!]: x })));
    await predictor.close();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("refuses a model that remembers what it was asked", async () => {
    const layer = { units: 1, stateful: true, recurrentInitializer: "zeros" } as const;
    const model = tfl.sequential({ layers: [tfl.layers.lstm({ ...layer, batchInputShape: [1, 2, 1] })] });
    await expect(fromLayersModel(model)).rejects.toMatchObject({ code: "UNSUPPORTED" });
  });

  test.each([undefined, {}, { predict: () => {} }])("refuses what is no layers model: %o", async (value) => {
    await expect(fromLayersModel(value as never)).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
      option: "model",
    });
  });
});
