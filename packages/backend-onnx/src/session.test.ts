import {
  type DType,
  dtypes,
  type NumericDType,
  type Tensor,
  tensor,
  type TensorMap,
  typedArrayByDType,
} from "@mlops/core";
import {
  addModel,
  buildModel,
  identityModel,
  mlpModel,
  node,
  noBatchModel,
  scalarOutputModel,
  tokenModel,
  unknownRankModel,
} from "@mlops/onnx-builder";
import { describe, expect, test } from "vitest";

import { errorOf, load, runOnce, threeColumns } from "./predict.fixtures.ts";

const shape = [2, 3];
const examples: { readonly [D in DType]: Tensor<D> } = {
  float32: tensor(
    "float32",
    [Number.NaN, Infinity, -Infinity, -0, 1.401298464324817e-45, 3.4028234663852886e38],
    shape,
  ),
  float64: tensor(
    "float64",
    [Number.NaN, Infinity, -Infinity, -0, Number.MIN_VALUE, Number.MAX_VALUE],
    shape,
  ),
  float16: tensor("float16", Uint16Array.of(0x7e01, 0x7c00, 0xfc00, 0x8000, 0x0001, 0x7bff), shape),
  int8: tensor("int8", [-128, -1, 0, 1, 126, 127], shape),
  uint8: tensor("uint8", [0, 1, 2, 127, 128, 255], shape),
  int16: tensor("int16", [-32768, -1, 0, 1, 255, 32767], shape),
  uint16: tensor("uint16", [0, 1, 255, 256, 32768, 65535], shape),
  int32: tensor("int32", [-(2 ** 31), -1, 0, 1, 65536, 2 ** 31 - 1], shape),
  uint32: tensor("uint32", [0, 1, 65536, 2 ** 31, 2 ** 31 + 1, 2 ** 32 - 1], shape),
  int64: tensor("int64", [-(2n ** 63n), -1n, 0n, 2n ** 53n + 1n, 2n ** 62n, 2n ** 63n - 1n], shape),
  uint64: tensor("uint64", [0n, 1n, 2n ** 53n + 1n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n], shape),
  bool: tensor("bool", [true, false, false, true, true, false], shape),
  string: tensor("string", ["", "größe", "日本語", "😀👩‍👩‍👧", " \n\t", "x".repeat(10_000)], shape),
};

/** The bytes of the data, so that -0 and the bits of a NaN count too. */
const bytesOf = ({ data }: Tensor): unknown =>
  ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : data;

describe.each(dtypes)("a tensor of %s", (dtype) => {
  const x = examples[dtype];

  test("comes through the model as it is, to the bit", async () => {
    const { y } = await runOnce(identityModel(dtype), { x });
    expect(y).toMatchObject({ dtype, shape });
    expect(y!.data.constructor).toBe(x.data.constructor);
    expect(bytesOf(y!)).toEqual(bytesOf(x));
  });

  test("is neither changed nor shared", async () => {
    const own = { ...x, data: x.data.slice() } as Tensor;
    await using predictor = await load(identityModel(dtype));
    const { y } = await predictor.predictTensors({ x: own });
    const { y: again } = await predictor.predictTensors({ x: own });
    expect(bytesOf(own)).toEqual(bytesOf(x));
    (y!.data as unknown[]).fill((own.data as unknown[])[1]);
    expect(bytesOf(own)).toEqual(bytesOf(x));
    (own.data as unknown[]).fill((own.data as unknown[])[1]);
    expect(bytesOf(again!)).toEqual(bytesOf(x));
  });
});

const arrayDTypes = dtypes.filter((dtype): dtype is NumericDType => dtype !== "string");

test.each(arrayDTypes)("a tensor of %s may be a view of a larger buffer", async (dtype) => {
  const x = examples[dtype];
  const { buffer, byteOffset, byteLength } = x.data;
  const larger = new ArrayBuffer(byteLength + 16);
  new Uint8Array(larger, 8, byteLength).set(new Uint8Array(buffer, byteOffset, byteLength));
  const data = new typedArrayByDType[dtype](larger, 8, 6);
  const { y } = await runOnce(identityModel(dtype), { x: { ...x, data } as Tensor });
  expect(bytesOf(y!)).toEqual(bytesOf(x));
});

test.each([
  ["a NUL, at which the runtime would cut it", "a\0b", "holds a NUL character; ONNX Runtime takes none"],
  ["something else", 5, "is no string"],
])("a string tensor with %s is refused", async (_, element, message) => {
  const x = { dtype: "string", shape: [1, 3], data: ["a", "b", element as string] } as const;
  expect(await errorOf(runOnce(identityModel("string"), { x }))).toMatchObject({
    code: "INVALID_INPUT",
    issues: [{ path: ["x", 2], message }],
  });
});

describe("the signature", () => {
  test.each<[model: string, bytes: Uint8Array, inputs: unknown, outputs: unknown]>([
    [
      "symbolic",
      identityModel("int64"),
      [{ name: "x", dtype: "int64", shape: ["batch", 3] }],
      [{ name: "y", dtype: "int64", shape: ["batch", 3] }],
    ],
    [
      "fixed",
      noBatchModel(),
      [{ name: "x", dtype: "float32", shape: [1, 3] }],
      [{ name: "y", dtype: "float32", shape: [1, 3] }],
    ],
    [
      "scalar",
      scalarOutputModel(),
      [{ name: "x", dtype: "float32", shape: ["batch", 3] }],
      [{ name: "y", dtype: "float32", shape: [] }],
    ],
    [
      "of unknown rank",
      unknownRankModel(),
      [{ name: "x", dtype: "float32", shape: undefined }],
      [{ name: "y", dtype: "float32", shape: undefined }],
    ],
    [
      "of several inputs",
      tokenModel(),
      [
        { name: "input_ids", dtype: "int64", shape: ["batch", "sequence"] },
        { name: "attention_mask", dtype: "int64", shape: ["batch", "sequence"] },
      ],
      [{ name: "score", dtype: "float32", shape: ["batch"] }],
    ],
  ])("%s comes from the model", async (_, bytes, inputs, outputs) => {
    await using predictor = await load(bytes);
    expect(predictor.info.signature).toEqual({ inputs, outputs });
  });

  test("has null for a dimension of which nothing is known", async () => {
    const value = { dtype: "float32", shape: [null, 3, null] } as const;
    const bytes = buildModel({
      name: "unknown dimensions",
      inputs: [{ name: "x", ...value }],
      outputs: [{ name: "y", ...value }],
      nodes: [node("Identity", ["x"], ["y"])],
    });
    await using predictor = await load(bytes);
    expect(predictor.info.signature?.inputs).toEqual([{ name: "x", ...value }]);
    expect(
      (await predictor.predict({ x: tensor("float32", new Float32Array(6), [1, 3, 2]) }))["y"]!.shape,
    ).toEqual([1, 3, 2]);
  });
});

describe("shapes", () => {
  test.each([[[]], [[2]], [[1, 2, 1]]])("%j goes through a model of unknown rank", async (sizes) => {
    const x = tensor("float32", new Float32Array(sizes.reduce((a, b) => a * b, 1)), sizes);
    expect(await runOnce(unknownRankModel(), { x })).toEqual({ y: x });
  });

  test("a scalar comes out as one", async () => {
    expect(await runOnce(scalarOutputModel(), threeColumns(1, 2, 3, 4, 5, 6))).toEqual({
      y: tensor("float32", [21], []),
    });
  });

  test("inputs meet in the model by name, in whichever order they come", async () => {
    const a = tensor("float32", [1, 2], [1, 2]);
    const b = tensor("float32", [10, 20], [1, 2]);
    const sum = tensor("float32", [11, 22], [1, 2]);
    expect(await runOnce(addModel(), { a, b })).toEqual({ sum });
    expect(await runOnce(addModel(), { b, a })).toEqual({ sum });
  });
});

test("names of object members are names like others", async () => {
  const names = ["__proto__", "constructor", "toString"];
  const bytes = buildModel({
    name: "odd names",
    inputs: names.map((name) => ({ name, dtype: "float32", shape: ["batch"] })),
    outputs: [
      { name: "constructor_output", dtype: "float32", shape: ["batch"] },
      { name: "valueOf", dtype: "float32", shape: ["batch"] },
    ],
    nodes: [
      node("Sub", ["__proto__", "constructor"], ["constructor_output"]),
      node("Mul", ["toString", "__proto__"], ["valueOf"]),
    ],
  });
  const inputs: TensorMap = Object.fromEntries(
    names.map((name, index) => [name, tensor("float32", [index + 2])]),
  );
  const outputs = await runOnce(bytes, inputs);
  expect(Object.entries(outputs)).toEqual([
    ["constructor_output", tensor("float32", [-1])],
    ["valueOf", tensor("float32", [8])],
  ]);
  expect(
    await errorOf(
      runOnce(bytes, { constructor: inputs["constructor"]!, toString: inputs["toString"]! } as TensorMap),
    ),
  ).toMatchObject({
    code: "TENSOR_NAME_MISMATCH",
    missing: ["__proto__"],
  });
});

describe("outputs", () => {
  const bytes = buildModel({
    name: "two outputs",
    inputs: [{ name: "x", dtype: "float32", shape: ["batch", 3] }],
    outputs: [
      { name: "negative", dtype: "float32", shape: ["batch", 3] },
      { name: "same", dtype: "float32", shape: ["batch", 3] },
    ],
    nodes: [node("Neg", ["x"], ["negative"]), node("Identity", ["x"], ["same"])],
  });

  test.each([
    [undefined, ["negative", "same"]],
    [["same"], ["same"]],
    [
      ["same", "negative"],
      ["same", "negative"],
    ],
  ])("%j gives %j", async (outputs, names) => {
    expect(Object.keys(await runOnce(bytes, threeColumns(1, 2, 3), { outputs }))).toEqual(names);
  });
});

test("concurrent requests get their own answers, those that are refused among them too", async () => {
  await using predictor = await load(mlpModel({ inputSize: 3, hiddenSizes: [16], outputSize: 2, seed: 1 }));
  const inputs = Array.from({ length: 64 }, (_, index) => threeColumns(index, -index, index * index));
  const alone: TensorMap[] = [];
  for (const input of inputs) alone.push(await predictor.predict(input));
  expect(new Set(alone.map(({ y }) => y!.data.join())).size).toBe(inputs.length);

  const together = await Promise.allSettled(
    inputs.flatMap((input) => [predictor.predict(input), predictor.predict({ x: tensor("float32", [1]) })]),
  );
  for (const [index, expected] of alone.entries()) {
    expect(together[2 * index]).toEqual({ status: "fulfilled", value: expected });
    expect(together[2 * index + 1]).toMatchObject({ status: "rejected", reason: { code: "SHAPE_MISMATCH" } });
  }
});

test("an input with a default is not offered by the runtime, and the default counts", async () => {
  const bytes = buildModel({
    name: "default",
    inputs: [
      { name: "x", dtype: "float32", shape: ["batch"] },
      { name: "factor", dtype: "float32", shape: [1] },
    ],
    outputs: [{ name: "y", dtype: "float32", shape: ["batch"] }],
    initializers: { factor: tensor("float32", [3]) },
    nodes: [node("Mul", ["x", "factor"], ["y"])],
  });
  const x = tensor("float32", [1, 2]);
  expect(await runOnce(bytes, { x })).toEqual({ y: tensor("float32", [3, 6]) });
  expect(await errorOf(runOnce(bytes, { x, factor: tensor("float32", [5]) }))).toMatchObject({
    code: "TENSOR_NAME_MISMATCH",
    unexpected: ["factor"],
  });
});

test("a tensor of no rows is a run of its own where the model fixes that", async () => {
  const bytes = buildModel({
    name: "no rows",
    inputs: [{ name: "x", dtype: "float32", shape: [0, 3] }],
    outputs: [{ name: "y", dtype: "float32", shape: [0, 3] }],
    nodes: [node("Neg", ["x"], ["y"])],
  });
  const x = tensor("float32", [], [0, 3]);
  expect(await runOnce(bytes, { x })).toEqual({ y: x });
});
