import * as ort from "onnxruntime-node";

import type { Tensor } from "../tensor.ts";

/** Loads a model in ONNX Runtime. Released at the end of an `await using` block. */
export async function loadModel(bytes: Uint8Array): Promise<ort.InferenceSession & AsyncDisposable> {
  const session = await ort.InferenceSession.create(bytes);
  return Object.assign(session, { [Symbol.asyncDispose]: () => session.release() });
}

/** Loads a model in ONNX Runtime and runs it once; gives all of its outputs. */
export async function runModel(
  bytes: Uint8Array,
  inputs: Readonly<Record<string, Tensor>> = {},
): Promise<Record<string, Tensor>> {
  await using session = await loadModel(bytes);
  const feeds = Object.entries(inputs).map(([name, tensor]) => [name, toOrtTensor(tensor)] as const);
  const results = await session.run(Object.fromEntries(feeds));
  return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, fromOrtTensor(value)]));
}

function toOrtTensor({ dtype, shape, data }: Tensor): ort.Tensor {
  // Not `new ort.Tensor`: where there is a Float16Array that class keeps float16 data in one, and
  // onnxruntime-node 1.30 then fails with "not enough space: expected 12, got 0". The binding
  // reads these four properties and no more.
  return { type: dtype, dims: shape, data, location: "cpu" } as Partial<ort.Tensor> as ort.Tensor;
}

function fromOrtTensor({ type, dims, data }: ort.Tensor): Tensor {
  const shape = [...dims];
  if (type === "float16" && !Array.isArray(data)) {
    return { dtype: type, shape, data: new Uint16Array(data.buffer, data.byteOffset, data.length) };
  }
  // ONNX Runtime pairs the other types with the same arrays as Tensor does.
  return { dtype: type, shape, data } as Tensor;
}
