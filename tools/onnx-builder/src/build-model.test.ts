import { describe, expect, test } from "vitest";

import { buildModel } from "./build-model.ts";
import type { Dimension, ModelDefinition } from "./model.ts";
import { node } from "./node.ts";
import type { Tensor } from "./tensor.ts";
import { loadModel, runModel } from "./testing/run-model.ts";

function identity(shape: readonly Dimension[] | undefined): ModelDefinition {
  return {
    name: "identity",
    inputs: [{ name: "x", dtype: "float32", shape }],
    outputs: [{ name: "y", dtype: "float32", shape }],
    nodes: [node("Identity", ["x"], ["y"])],
  };
}

describe("ONNX Runtime reports the shape", () => {
  test.each<{ shape: readonly Dimension[] | undefined; reported: readonly (number | string)[] }>([
    { shape: [2, 3], reported: [2, 3] },
    { shape: [0, 3], reported: [0, 3] },
    { shape: ["batch", "sequence"], reported: ["batch", "sequence"] },
    { shape: [null, 3], reported: ["", 3] },
    { shape: [], reported: [] },
    { shape: undefined, reported: [] },
  ])("$shape as $reported", async ({ shape, reported }) => {
    await using session = await loadModel(buildModel(identity(shape)));
    expect(session.inputMetadata).toEqual([{ name: "x", isTensor: true, type: "float32", shape: reported }]);
  });
});

test("a scalar runs", async () => {
  const x: Tensor = { dtype: "float32", shape: [], data: Float32Array.of(7) };
  expect(await runModel(buildModel(identity([])), { x })).toEqual({ y: x });
});

describe("ONNX Runtime reads an initializer of the type", () => {
  test.each<Tensor>([
    { dtype: "float32", shape: [2], data: Float32Array.of(1.5, Number.NaN) },
    { dtype: "float64", shape: [2], data: Float64Array.of(Math.PI, Number.NEGATIVE_INFINITY) },
    { dtype: "float16", shape: [2], data: Uint16Array.of(0x3c00, 0xfbff) },
    { dtype: "int8", shape: [2], data: Int8Array.of(-128, 127) },
    { dtype: "uint8", shape: [2], data: Uint8Array.of(0, 255) },
    { dtype: "int16", shape: [2], data: Int16Array.of(-(2 ** 15), 2 ** 15 - 1) },
    { dtype: "uint16", shape: [2], data: Uint16Array.of(1, 2 ** 16 - 1) },
    { dtype: "int32", shape: [2], data: Int32Array.of(-(2 ** 31), 2 ** 31 - 1) },
    { dtype: "uint32", shape: [2], data: Uint32Array.of(1, 2 ** 32 - 1) },
    { dtype: "int64", shape: [2], data: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n) },
    { dtype: "uint64", shape: [2], data: BigUint64Array.of(1n, 2n ** 64n - 1n) },
    { dtype: "bool", shape: [2], data: Uint8Array.of(0, 1) },
    { dtype: "string", shape: [2], data: ["", "größe 😀"] },
    { dtype: "float32", shape: [], data: Float32Array.of(4) },
    { dtype: "int32", shape: [0, 3], data: new Int32Array() },
  ])("$dtype $shape", async (constant) => {
    const model = buildModel({
      name: "constant",
      inputs: [],
      outputs: [{ name: "y", dtype: constant.dtype, shape: constant.shape }],
      nodes: [node("Identity", ["constant"], ["y"])],
      initializers: { constant },
    });
    expect(await runModel(model)).toEqual({ y: constant });
  });

  test("a view that starts inside its buffer", async () => {
    const data = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
    const model = buildModel({
      ...identity([2]),
      inputs: [],
      nodes: [node("Identity", ["part"], ["y"])],
      initializers: { part: { dtype: "float32", shape: [2], data } },
    });
    expect((await runModel(model))["y"]?.data).toEqual(Float32Array.of(2, 3));
  });
});

test("the bytes fill their buffer", () => {
  const bytes = buildModel(identity([1]));
  expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
  expect(bytes.buffer.byteLength).toBe(bytes.byteLength);
});

describe("it refuses", () => {
  const one = Float32Array.of(1);
  test.each<[reason: string, definition: Partial<ModelDefinition>, message: RegExp]>([
    ["a dimension below 0", identity([-1]), /A dimension of "x" is -1/],
    ["a dimension that is not whole", identity([1.5]), /A dimension of "x" is 1.5/],
    ["a dimension with an empty name", identity([""]), /A dimension of "x" is ""/],
    ["a domain without a version", { nodes: [node("F", [], [], {}, { domain: "d" })] }, /domain "d"/],
    [
      "too few elements",
      { initializers: { w: { dtype: "float32", shape: [2], data: one } } },
      /"w" has 1 elements, but its shape \[2\] holds 2/,
    ],
    [
      "a shape of a tensor below 0",
      { initializers: { w: { dtype: "float32", shape: [-1], data: one } } },
      /not -1/,
    ],
    [
      "data of another type",
      // @ts-expect-error - a Float32Array is not the data of an int32 tensor
      { initializers: { w: { dtype: "int32", shape: [1], data: one } } },
      /data of a int32 tensor is of the wrong kind/,
    ],
  ])("%s", (_reason, definition, message) => {
    expect(() => buildModel({ ...identity([1]), ...definition })).toThrow(message);
  });
});
