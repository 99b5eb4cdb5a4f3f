import { readModel } from "@mlops/onnx-builder";
import { UnsupportedError } from "@mlops/core";
import { setBackend } from "@tensorflow/tfjs-core";
import type { layers } from "@tensorflow/tfjs-layers";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { beforeAll, describe, expect, test } from "vitest";

import { createLayersModel } from "../keras/layers-model.ts";
import { type FixtureTensor, kerasModels, unpack } from "../keras/keras-models.fixtures.ts";
import { readKeras } from "../keras/read-keras.ts";
import { largestDifference } from "../keras/largest-difference.fixtures.ts";
import { predict, tf } from "../keras/tfjs.fixtures.ts";
import { exportOnnx } from "./export-onnx.ts";

/** Models that are refused, by what the error says. */
const refused: Readonly<Record<string, string>> = {
  conv_lstm2d: "The layer ConvLSTM2D",
  embedding_masked_lstm: "The mask of the layer",
  masking_gru: "The layer Masking",
};

/** Models with a layer in float16, whose own rounding they are compared with. */
const tolerances: Readonly<Record<string, number>> = { mixed_precision: 2e-2 };

beforeAll(async () => {
  await setBackend("cpu");
});

type LayersModel =
  | ReturnType<typeof tf.sequential>
  | Awaited<ReturnType<typeof createLayersModel<ReturnType<typeof tf.model>>>>;

/** What ONNX Runtime predicts, the outputs in the model's order. */
async function run(bytes: Uint8Array, inputs: readonly FixtureTensor[]): Promise<FixtureTensor[]> {
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const feeds = inputs.map(({ shape, data }, index) => {
    const info = session.inputMetadata[index];
    const isInteger = info?.isTensor === true && info.type === "int32";
    const values = isInteger ? Int32Array.from(data) : Float32Array.from(data);
    return [session.inputNames[index] ?? "", new Tensor(values, [...shape])] as const;
  });
  const results = await session.run(Object.fromEntries(feeds));
  const outputs = session.outputNames.map((name) => {
    const { dims, data } = results[name] ?? new Tensor("float32", [], [0]);
    return { shape: dims, data: Array.from(data as Float32Array) };
  });
  await session.release();
  return outputs;
}

async function load(file: string): Promise<ReturnType<typeof tf.model>> {
  return createLayersModel(tf, readKeras(unpack(file)));
}

const dispose = (model: LayersModel): void => {
  for (const weight of model.weights) weight.dispose();
};

describe("ONNX Runtime predicts what Keras does", () => {
  const cases = kerasModels.cases.filter(({ name }) => !(name in refused));

  test.each(cases)("$name by $writer", async ({ name, files, inputs, outputs }) => {
    const model = await load(files[".keras"] ?? "");
    const actual = await run(await exportOnnx(model), inputs);
    expect(largestDifference(actual, predict(model, inputs))).toBeLessThanOrEqual(1e-5);
    expect(largestDifference(actual, outputs)).toBeLessThanOrEqual(tolerances[name] ?? 1e-5);
    dispose(model);
  });
});

describe("what is not written is named", () => {
  const cases = kerasModels.cases.filter(({ name, writer }) => name in refused && writer === "keras");

  test.each(cases)("$name", async ({ name, files }) => {
    const model = await load(files[".keras"] ?? "");
    const error: unknown = await exportOnnx(model).catch((reason: unknown) => reason);
    expect(UnsupportedError.isInstance(error)).toBe(true);
    expect(String(error)).toContain(refused[name]);
    dispose(model);
  });
});

describe("a model of TensorFlow.js's own", () => {
  /** Runs a model on three rows of seeded values, by both. */
  const compare = async (model: ReturnType<typeof tf.model>): Promise<number> => {
    const inputs = model.inputs.map(({ shape }) => {
      const sizes = [3, ...shape.slice(1).map((size) => size ?? 4)];
      const count = sizes.reduce((product, size) => product * size, 1);
      return { shape: sizes, data: Array.from({ length: count }, (_, at) => Math.sin(at * 1.7 + 0.3)) };
    });
    return largestDifference(await run(await exportOnnx(model), inputs), predict(model, inputs));
  };

  test("with models inside, one of them called twice", async () => {
    const inner = tf.sequential({
      layers: [
        tf.layers.dense({ units: 4, inputShape: [4], activation: "tanh" }),
        tf.layers.dense({ units: 4 }),
      ],
    });
    const [x, y] = [tf.input({ shape: [4] }), tf.input({ shape: [4] })];
    // A model given a tensor gives one.
    const once = inner.apply(x) as typeof x;
    const twice = inner.apply(tf.layers.add().apply([once, y])) as typeof x;
    const model = tf.model({ inputs: [x, y], outputs: [twice, once] });
    expect(await compare(model)).toBeLessThanOrEqual(1e-5);
  });

  test("with its own defaults of recurrent layers, on sequences of any length", async () => {
    // The orthogonal matrices that they start from by themselves need the whole of @tensorflow/tfjs.
    const started = { recurrentInitializer: "randomNormal", biasInitializer: "randomNormal" } as const;
    const x = tf.input({ shape: [null, 3] });
    const layers = [
      tf.layers.gru({ units: 2, ...started }),
      tf.layers.lstm({ units: 2, returnSequences: true, goBackwards: true, ...started }),
      tf.layers.bidirectional({
        layer: tf.layers.lstm({ units: 2, returnSequences: true, ...started }),
        mergeMode: "concat",
      }),
      tf.layers.simpleRNN({ units: 2, activation: "elu", ...started, useBias: false }),
    ];
    const outputs = layers.map((layer) => layer.apply(x) as typeof x);
    expect(await compare(tf.model({ inputs: x, outputs }))).toBeLessThanOrEqual(1e-5);
  });

  test.each(["gelu", "gelu_new", "mish", "swish", "hardSigmoid", "logSoftmax", "relu6", "selu"] as const)(
    "with the activation %s",
    async (activation) => {
      const x = tf.input({ shape: [5] });
      // TensorFlow.js knows more activations than its types say.
      const y = tf.layers.activation({ activation: activation as "relu" }).apply(x) as typeof x;
      expect(await compare(tf.model({ inputs: x, outputs: y }))).toBeLessThanOrEqual(1e-5);
    },
  );

  test("with channels first where they are flattened", async () => {
    const x = tf.input({ shape: [2, 3, 4] });
    const y = tf.layers.flatten({ dataFormat: "channelsFirst" }).apply(x) as typeof x;
    expect(await compare(tf.model({ inputs: x, outputs: y }))).toBeLessThanOrEqual(1e-5);
  });

  test("with averages of two and three", async () => {
    const x = tf.input({ shape: [4] });
    const y = tf.layers.dense({ units: 4 }).apply(x) as typeof x;
    const two = tf.layers.average().apply([x, y]) as typeof x;
    const three = tf.layers.average().apply([x, y, two]) as typeof x;
    expect(await compare(tf.model({ inputs: x, outputs: [two, three] }))).toBeLessThanOrEqual(1e-5);
  });

  test("keeps its names, and leaves the batch open", async () => {
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [2], name: "price" })],
    });
    const { name, inputs, outputs, opset, metadata } = readModel(
      await exportOnnx(model, { name: "price", metadata: { trained: "2026-11-23" } }),
    );
    expect({ name, opset, metadata }).toEqual({
      name: "price",
      opset: 17,
      metadata: { trained: "2026-11-23" },
    });
    expect(inputs.map((input) => [input.name, input.shape])).toEqual([["price_input", ["batch", 2]]]);
    expect(outputs.map((output) => [output.name, output.shape])).toEqual([["price", ["batch", 1]]]);
  });

  test("with an input that is an output too", async () => {
    const x = tf.input({ shape: [2], name: "same" });
    const y = tf.layers.dense({ units: 2 }).apply(x) as typeof x;
    expect(await compare(tf.model({ inputs: x, outputs: [x, y] }))).toBeLessThanOrEqual(1e-5);
  });

  test.each<[what: string, layer: () => layers.Layer, shape: number[], batch?: number]>([
    [
      "channels first",
      () => tf.layers.conv2d({ filters: 1, kernelSize: 2, dataFormat: "channelsFirst" }),
      [2, 4, 4],
    ],
    [
      "an activation of a cell",
      () => tf.layers.gru({ units: 2, activation: "swish", recurrentInitializer: "zeros" }),
      [3, 2],
    ],
    [
      "a state that stays",
      () => tf.layers.lstm({ units: 2, stateful: true, recurrentInitializer: "zeros" }),
      [3, 2],
      1,
    ],
    ["a layer", () => tf.layers.centerCrop({ height: 2, width: 2 }), [4, 4, 1]],
  ])("with %s that is not written", async (_what, layer, shape, batch) => {
    const x = tf.input({ batchShape: [batch ?? null, ...shape] });
    const model = tf.model({ inputs: x, outputs: layer().apply(x) as typeof x });
    await expect(exportOnnx(model)).rejects.toMatchObject({ code: "UNSUPPORTED" });
  });
});
