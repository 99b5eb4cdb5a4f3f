import {
  createPredictor,
  defineModel,
  type Precision,
  type Predictor,
  tensor,
  type TensorMap,
} from "@mlops/core";
import { expect, test } from "vitest";
import { commands } from "vitest/browser";

import type { PlainTensor } from "../../../../scripts/test/browser-commands.ts";
import { onnx } from "../browser.ts";
import type { OnnxDeviceChoice } from "../device-chain.ts";

// The same models give the same in a page as onnxruntime-node gives on the processor.

interface Sample {
  readonly path: string;
  readonly url: URL;
  readonly inputs: Readonly<Record<string, PlainTensor>>;
}

const waves = (length: number, step: number): number[] =>
  Array.from({ length }, (_, index) => Math.sin(index * step) * Math.cos(index / 40));

const price: Sample = {
  path: "examples/device-price/model/onnx/model.onnx",
  url: new URL("../../../../examples/device-price/model/onnx/model.onnx", import.meta.url),
  inputs: {
    numeric: {
      dtype: "float32",
      shape: [3, 12],
      data: [100, 250, 900].flatMap((price) => [price, ...Array<number>(11).fill(-1)]),
    },
    brand: { dtype: "int32", shape: [3, 1], data: [0, 1, 2] },
    os: { dtype: "int32", shape: [3, 1], data: [0, 1, 0] },
  },
};

const voice: Sample = {
  path: "packages/backend-onnx/node_modules/@ricky0123/vad-web/dist/silero_vad_v5.onnx",
  url: new URL("../../node_modules/@ricky0123/vad-web/dist/silero_vad_v5.onnx", import.meta.url),
  inputs: {
    input: { dtype: "float32", shape: [2, 576], data: waves(2 * 576, 0.03) },
    state: { dtype: "float32", shape: [2, 2, 128], data: waves(2 * 2 * 128, 1) },
    sr: { dtype: "int64", shape: [], data: [16_000] },
  },
};

async function open(url: URL, device: OnnxDeviceChoice): Promise<Predictor<TensorMap, TensorMap>> {
  const model = defineModel({ name: "sample", version: "1", artifact: url });
  return createPredictor({ model, backend: onnx({ device }), warmup: false });
}

function toTensors(inputs: Sample["inputs"]): TensorMap {
  const tensors = Object.entries(inputs).map(([name, { dtype, shape, data }]) =>
    dtype === "int64"
      ? ([name, tensor(dtype, data.map(BigInt), shape)] as const)
      : ([name, tensor(dtype, data, shape)] as const),
  );
  return Object.fromEntries(tensors);
}

/** The largest difference from onnxruntime-node on the processor, in multiples of what the precision allows. */
async function worstDifference(
  { path, url, inputs }: Sample,
  device: OnnxDeviceChoice,
  { relative, absolute }: Precision,
): Promise<number> {
  await using predictor = await open(url, device);
  expect(predictor.info.device).toBe(device);
  const outputs = await predictor.predict(toTensors(inputs));
  const expected = await commands.predictNatively(path, inputs);
  expect(Object.keys(outputs).toSorted()).toEqual(Object.keys(expected).toSorted());
  let worst = 0;
  for (const [name, { shape, data }] of Object.entries(expected)) {
    expect(outputs[name]!.shape).toEqual(shape);
    for (const [index, value] of data.entries()) {
      const difference = Math.abs(Number(outputs[name]!.data[index]) - value);
      worst = Math.max(worst, difference / (absolute + relative * Math.abs(value)));
    }
  }
  return worst;
}

const onWasm: Precision = { relative: 1e-4, absolute: 1e-5 };
const onWebgpu: Precision = { relative: 1e-3, absolute: 1e-4 };

test("the device price, on WebAssembly", async () => {
  expect(await worstDifference(price, "wasm", onWasm)).toBeLessThanOrEqual(1);
});

test("the device price, on WebGPU", async () => {
  expect(await worstDifference(price, "webgpu", onWebgpu)).toBeLessThanOrEqual(1);
});

test("Silero's voice activity, on WebAssembly", async () => {
  expect(await worstDifference(voice, "wasm", onWasm)).toBeLessThanOrEqual(1);
});

// A fault of the runtime, without any of this library's code as well; the README warns of it. When this
// test fails, the fault is gone: hold the model to `onWebgpu`, and take the warning away.
test("Silero's voice activity, on WebGPU, is wrong with onnxruntime-web 1.30 and SwiftShader", async () => {
  expect(await worstDifference(voice, "webgpu", onWebgpu)).toBeGreaterThan(100);
});
