import { describe, expect, test } from "vitest";

import { type Attributes, float, floats, int, ints, string, strings, tensorAttribute } from "./attribute.ts";
import { buildModel } from "./build-model.ts";
import type { Value } from "./model.ts";
import { node } from "./node.ts";
import type { Tensor } from "./tensor.ts";
import { runModel } from "./testing/run-model.ts";

const matrix: Tensor = { dtype: "float32", shape: [2, 3], data: Float32Array.of(1, -2, 3, -4, 5, -6) };

/** What `opType` makes of `input`, or of nothing. */
async function apply(
  opType: string,
  attributes: Attributes,
  input: Tensor | undefined,
  output: Omit<Value, "name" | "shape">,
): Promise<Tensor | undefined> {
  const model = buildModel({
    name: opType,
    inputs: input ? [{ name: "x", dtype: input.dtype, shape: input.shape }] : [],
    outputs: [{ name: "y", shape: undefined, ...output }],
    nodes: [node(opType, input ? ["x"] : [], ["y"], attributes)],
  });
  return (await runModel(model, input ? { x: input } : {}))["y"];
}

describe("an operator obeys an attribute of the kind", () => {
  test("int: the axis of Flatten", async () => {
    const y = await apply("Flatten", { axis: int(0) }, matrix, { dtype: "float32" });
    expect(y).toEqual({ ...matrix, shape: [1, 6] });
  });

  test("int, negative: the axis of Softmax", async () => {
    const input: Tensor = { dtype: "float32", shape: [1, 2], data: Float32Array.of(7, 7) };
    const y = await apply("Softmax", { axis: int(-1) }, input, { dtype: "float32" });
    expect(y?.data).toEqual(Float32Array.of(0.5, 0.5));
  });

  test("float: the slope of LeakyRelu", async () => {
    const y = await apply("LeakyRelu", { alpha: float(0.5) }, matrix, { dtype: "float32" });
    expect(y?.data).toEqual(Float32Array.of(1, -1, 3, -2, 5, -3));
  });

  test("ints: the permutation of Transpose", async () => {
    const y = await apply("Transpose", { perm: ints([1, 0]) }, matrix, { dtype: "float32" });
    expect(y).toEqual({ dtype: "float32", shape: [3, 2], data: Float32Array.of(1, -4, -2, 5, 3, -6) });
  });

  test("string: the equation of Einsum", async () => {
    const y = await apply("Einsum", { equation: string("ij->j") }, matrix, { dtype: "float32" });
    expect(y?.data).toEqual(Float32Array.of(-3, 3, -3));
  });

  test("floats, strings and ints with 64 bits: the values of Constant", async () => {
    const values = {
      float32: floats([0.5, -1, Number.POSITIVE_INFINITY]),
      string: strings(["", "é", "😀"]),
      int64: ints([-(2n ** 63n), 2n ** 63n - 1n, 0]),
    };
    expect(
      await apply("Constant", { value_floats: values.float32 }, undefined, { dtype: "float32" }),
    ).toEqual({
      dtype: "float32",
      shape: [3],
      data: Float32Array.of(0.5, -1, Number.POSITIVE_INFINITY),
    });
    expect(await apply("Constant", { value_strings: values.string }, undefined, { dtype: "string" })).toEqual(
      {
        dtype: "string",
        shape: [3],
        data: ["", "é", "😀"],
      },
    );
    expect(await apply("Constant", { value_ints: values.int64 }, undefined, { dtype: "int64" })).toEqual({
      dtype: "int64",
      shape: [3],
      data: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n, 0n),
    });
  });

  test("tensor: the value of Constant", async () => {
    const y = await apply("Constant", { value: tensorAttribute(matrix) }, undefined, { dtype: "float32" });
    expect(y).toEqual(matrix);
  });
});

test("a node is from the operator set of its domain", async () => {
  const model = buildModel({
    name: "label-encoder",
    domainOpsets: { "ai.onnx.ml": 3 },
    inputs: [{ name: "x", dtype: "string", shape: ["batch"] }],
    outputs: [{ name: "y", dtype: "int64", shape: ["batch"] }],
    nodes: [
      node(
        "LabelEncoder",
        ["x"],
        ["y"],
        { keys_strings: strings(["cat", "dog"]), values_int64s: ints([3, 5]), default_int64: int(-1) },
        { domain: "ai.onnx.ml" },
      ),
    ],
  });
  const { y } = await runModel(model, { x: { dtype: "string", shape: [3], data: ["dog", "cow", "cat"] } });
  expect(y?.data).toEqual(BigInt64Array.of(5n, -1n, 3n));
});

describe("values", () => {
  test("floats are rounded to what ONNX stores", () => {
    expect(float(0.1)).toEqual({ kind: "float", value: Math.fround(0.1) });
    expect(floats([0.1])).toEqual({ kind: "floats", value: [Math.fround(0.1)] });
  });

  test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 2n ** 63n, -(2n ** 63n) - 1n])(
    "int refuses %s",
    (value) => {
      expect(() => int(value)).toThrow(RangeError);
      expect(() => ints([0, value])).toThrow(RangeError);
    },
  );
});
