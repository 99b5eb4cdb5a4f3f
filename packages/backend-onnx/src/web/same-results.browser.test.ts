import { createPredictor, defineModel, type Predictor, tensor, type TensorMap } from "@mlops/core";
import { describe, expect, test } from "vitest";
import { commands } from "vitest/browser";

import type { PlainTensor } from "../../../../scripts/test/browser-commands.ts";
import { onnx } from "../browser.ts";
import type { OnnxWebDeviceChoice } from "./web-device.ts";

// The same models give the same in a page as onnxruntime-node gives on the processor.

interface Sample {
  readonly path: string;
  readonly url: URL;
  readonly inputs: Readonly<Record<string, PlainTensor>>;
}

const waves = (length: number, step: number): number[] =>
  Array.from({ length }, (_, index) => Math.sin(index * step) * Math.cos(index / 40));

const samples: Readonly<Record<string, Sample>> = {
  "the device price": {
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
  },
  "Silero's voice activity": {
    path: "packages/backend-onnx/node_modules/@ricky0123/vad-web/dist/silero_vad_v5.onnx",
    url: new URL("../../node_modules/@ricky0123/vad-web/dist/silero_vad_v5.onnx", import.meta.url),
    inputs: {
      input: { dtype: "float32", shape: [2, 576], data: waves(2 * 576, 0.03) },
      state: { dtype: "float32", shape: [2, 2, 128], data: waves(2 * 2 * 128, 1) },
      sr: { dtype: "int64", shape: [], data: [16_000] },
    },
  },
};

async function open(url: URL, device: OnnxWebDeviceChoice): Promise<Predictor<TensorMap, TensorMap>> {
  const model = defineModel({ name: "sample", version: "1", artifact: url });
  return createPredictor({ model, backend: onnx({ device }) });
}

function toTensors(inputs: Sample["inputs"]): TensorMap {
  const tensors = Object.entries(inputs).map(([name, { dtype, shape, data }]) =>
    dtype === "int64"
      ? ([name, tensor(dtype, data.map(BigInt), shape)] as const)
      : ([name, tensor(dtype, data, shape)] as const),
  );
  return Object.fromEntries(tensors);
}

describe.each(Object.entries(samples))("%s", (_name, { path, url, inputs }) => {
  test.each([
    ["wasm", 1e-4, 1e-5],
    ["webgpu", 1e-3, 1e-4],
  ] as const)("on %s", async (device, relative, absolute) => {
    await using predictor = await open(url, device);
    expect(predictor.info.device).toBe(device);
    const outputs = await predictor.predict(toTensors(inputs));
    const expected = await commands.predictNatively(path, inputs);
    expect(Object.keys(outputs).toSorted()).toEqual(Object.keys(expected).toSorted());
    for (const [name, { shape, data }] of Object.entries(expected)) {
      expect(outputs[name]!.shape).toEqual(shape);
      for (const [index, value] of data.entries()) {
        const difference = Math.abs(Number(outputs[name]!.data[index]) - value);
        expect(difference).toBeLessThanOrEqual(absolute + relative * Math.abs(value));
      }
    }
  });
});
