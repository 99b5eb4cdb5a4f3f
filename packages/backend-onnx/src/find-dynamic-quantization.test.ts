import { createPredictor, defineModel, tensor, type TensorMap } from "@mlops/core";
import { buildModel, mlpModel, node } from "@mlops/onnx-builder";
import fc from "fast-check";
import { expect, test } from "vitest";

import { onnx } from "./backend.ts";
import { findDynamicQuantization, rowDependenceOf } from "./find-dynamic-quantization.ts";

/** `y = x`, by way of 256 steps between the smallest and the largest value of a run. */
const quantized = buildModel({
  name: "quantized",
  inputs: [{ name: "x", dtype: "float32", shape: ["batch", 2] }],
  outputs: [{ name: "y", dtype: "float32", shape: ["batch", 2] }],
  nodes: [
    node("DynamicQuantizeLinear", ["x"], ["steps", "scale", "zero"]),
    node("DequantizeLinear", ["steps", "scale", "zero"], ["y"]),
  ],
});

/** A length-delimited field of a protobuf message, shorter than 128 bytes. */
const field = (number: number, content: readonly number[]): number[] => [
  number * 8 + 2,
  content.length,
  ...content,
];
const nodeOf = (type: string, ...attributes: number[]): number[] => [
  ...field(4, [...new TextEncoder().encode(type)]),
  ...attributes,
];
const graphOf = (content: readonly number[]): number[] => field(1, content);

test("finds the operator in a graph, in the graphs of its nodes, and nowhere else", () => {
  const inner = graphOf(nodeOf("DynamicQuantizeLSTM"));
  const asBranch = field(7, graphOf(nodeOf("If", ...field(5, field(6, inner)))));
  const inList = field(7, graphOf(nodeOf("Other", ...field(5, field(11, inner)))));
  const functions = [0xca, 0x01, ...field(0, field(7, nodeOf("DynamicQuantizeMatMul"))).slice(1)];
  expect(findDynamicQuantization(quantized)).toBe("DynamicQuantizeLinear");
  expect(findDynamicQuantization(Uint8Array.from(asBranch))).toBe("DynamicQuantizeLSTM");
  expect(findDynamicQuantization(Uint8Array.from(inList))).toBe("DynamicQuantizeLSTM");
  expect(findDynamicQuantization(Uint8Array.from(functions))).toBe("DynamicQuantizeMatMul");
  const plain = mlpModel({ inputSize: 3, hiddenSizes: [4], outputSize: 1, seed: 1 });
  expect(rowDependenceOf(plain)).toBeUndefined();
});

test("ends without an error on any bytes", () => {
  const damaged = fc
    .tuple(fc.nat(quantized.length - 1), fc.nat(255), fc.nat(quantized.length))
    .map(([index, byte, length]) => quantized.with(index, byte).subarray(0, length));
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 200 })), (bytes) => {
      expect([undefined, "DynamicQuantizeLinear"]).toContain(findDynamicQuantization(bytes));
    }),
    { numRuns: 1000, seed: 1 },
  );
});

const model = defineModel({ name: "quantized", version: "1", artifact: quantized });
const rows = [1, 10, 100].map((size): TensorMap => ({
  x: tensor("float32", [size, -0.123 * size], [1, 2]),
}));
const valuesOf = (results: readonly TensorMap[]): number[][] =>
  results.map(({ y }) => [...y!.data] as number[]);

test.each(["inline", "worker"] as const)(
  "a model that quantizes for each run gives a request the same alone and beside others: %s",
  async (execution) => {
    const options = { model, backend: onnx(), execution } as const;
    await using alone = await createPredictor({ ...options, batching: false });
    await using together = await createPredictor(options);
    const expected: TensorMap[] = [];
    for (const row of rows) expected.push(await alone.predict(row));
    const results = await Promise.all([...rows, ...rows].map((row) => together.predict(row)));
    expect(valuesOf(results)).toEqual([...valuesOf(expected), ...valuesOf(expected)]);
    expect(alone.info.warnings).toEqual([]);
    expect(together.info.warnings).toEqual([
      { type: "other", message: expect.stringMatching(/DynamicQuantizeLinear.*set `batching` to false/) },
    ]);
  },
);

test("it shares runs where it is told to, and a warning tells what that costs", async () => {
  await using predictor = await createPredictor({
    model,
    backend: onnx(),
    execution: "inline",
    batching: { rowsAreIndependent: true },
  });
  const [small] = rows;
  const before = await predictor.predict(small!);
  // The first is on its way when the others come, which share the next run.
  const [, beside] = await Promise.all([small!, small!, rows[2]!].map((row) => predictor.predict(row)));
  expect(valuesOf([beside!])).not.toEqual(valuesOf([before]));
  expect(predictor.info.warnings).toEqual([
    { type: "other", message: expect.stringContaining("would depend on who shares its run") },
  ]);
});
