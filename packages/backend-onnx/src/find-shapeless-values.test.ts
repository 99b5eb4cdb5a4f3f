import { buildModel, mlpModel, node, scalarOutputModel, unknownRankModel } from "@mlops/onnx-builder";
import fc from "fast-check";
import { expect, test } from "vitest";

import { findShapelessValues } from "./find-shapeless-values.ts";

test("finds the values without a shape, and no scalar", () => {
  const model = buildModel({
    name: "mixed",
    inputs: [
      { name: "größe", dtype: "float32", shape: undefined },
      { name: "scalar", dtype: "float32", shape: [] },
      { name: "matrix", dtype: "float32", shape: ["batch", null] },
    ],
    outputs: [
      { name: "__proto__", dtype: "int64", shape: undefined },
      { name: "y", dtype: "int64", shape: [1] },
    ],
    nodes: [node("Identity", ["größe"], ["__proto__"])],
  });
  expect([...findShapelessValues(model)]).toEqual(["größe", "__proto__"]);
  expect([...findShapelessValues(unknownRankModel())]).toEqual(["x", "y"]);
  expect([...findShapelessValues(scalarOutputModel())]).toEqual([]);
  expect([
    ...findShapelessValues(mlpModel({ inputSize: 3, hiddenSizes: [4], outputSize: 1, seed: 1 })),
  ]).toEqual([]);
});

test("ends without an error on any bytes", () => {
  const model = unknownRankModel();
  const damaged = fc
    .tuple(fc.nat(model.length - 1), fc.nat(255), fc.nat(model.length))
    .map(([index, byte, length]) => model.with(index, byte).subarray(0, length));
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 200 })), (bytes) => {
      expect(findShapelessValues(bytes)).toBeInstanceOf(Set);
    }),
    { numRuns: 2000 },
  );
});
