import type { DType, Tensor } from "@mlops/core";
import { type ConformanceModelName, lookupTable, networkWeights } from "@mlops/core/testing";
import {
  addModel,
  buildModel,
  identityModel,
  int,
  node,
  noBatchModel,
  scalarOutputModel,
  unknownRankModel,
} from "@mlops/onnx-builder";

/** A model of the conformance suite, in ONNX. */
export function conformanceModel(name: ConformanceModelName): Uint8Array {
  // The names that are left over are those of the identities.
  return named[name]?.() ?? identityModel(name.slice("identity-".length) as DType);
}

type Named = Exclude<ConformanceModelName, `identity-${DType}`>;

const threeColumns = ["batch", 3];

const named: Readonly<Record<Named, () => Uint8Array>> &
  Partial<Record<ConformanceModelName, () => Uint8Array>> = {
  add: addModel,
  network: () =>
    buildModel({
      name: "network",
      inputs: [{ name: "x", dtype: "float32", shape: ["batch", 4] }],
      outputs: [{ name: "y", dtype: "float32", shape: ["batch", 3] }],
      initializers: { ...networkWeights },
      nodes: [
        node("Gemm", ["x", "hiddenWeight", "hiddenBias"], ["dense"]),
        node("Relu", ["dense"], ["hidden"]),
        node("Gemm", ["hidden", "outputWeight", "outputBias"], ["y"]),
      ],
    }),
  "two-outputs": () =>
    buildModel({
      name: "two-outputs",
      inputs: [{ name: "x", dtype: "float32", shape: threeColumns }],
      outputs: [
        { name: "negative", dtype: "float32", shape: threeColumns },
        { name: "double", dtype: "float32", shape: threeColumns },
      ],
      nodes: [node("Neg", ["x"], ["negative"]), node("Add", ["x", "x"], ["double"])],
    }),
  "scalar-input": () =>
    buildModel({
      name: "scalar-input",
      inputs: [
        { name: "x", dtype: "float32", shape: threeColumns },
        { name: "factor", dtype: "float32", shape: [] },
      ],
      outputs: [{ name: "y", dtype: "float32", shape: threeColumns }],
      nodes: [node("Mul", ["x", "factor"], ["y"])],
    }),
  "scalar-output": scalarOutputModel,
  "unknown-rank": unknownRankModel,
  "fixed-batch": noBatchModel,
  lookup: () =>
    buildModel({
      name: "lookup",
      inputs: [{ name: "index", dtype: "int32", shape: ["batch", 1] }],
      outputs: [{ name: "y", dtype: "float32", shape: ["batch", 1] }],
      initializers: { table: { dtype: "float32", shape: [4], data: Float32Array.from(lookupTable) } },
      nodes: [node("Gather", ["table", "index"], ["y"], {}, { name: "lookup" })],
    }),
  sequence: () =>
    buildModel({
      name: "sequence",
      inputs: [{ name: "x", dtype: "float32", shape: ["batch", "sequence"] }],
      outputs: [{ name: "y", dtype: "float32", shape: ["batch"] }],
      initializers: { axes: { dtype: "int64", shape: [1], data: BigInt64Array.of(1n) } },
      nodes: [node("ReduceSum", ["x", "axes"], ["y"], { keepdims: int(0) })],
    }),
  slow: () => slowModel(512),
};

/** `y = x` by way of 20 products with the identity matrix of `width`, which are exact. */
export function slowModel(width: number): Uint8Array {
  const steps = 20;
  const diagonal = (rows: number, columns: number): Tensor<"float32"> => {
    const data = new Float32Array(rows * columns);
    for (let index = 0; index < Math.min(rows, columns); index += 1) data[index * columns + index] = 1;
    return { dtype: "float32", shape: [rows, columns], data };
  };
  return buildModel({
    name: "slow",
    inputs: [{ name: "x", dtype: "float32", shape: threeColumns }],
    outputs: [{ name: "y", dtype: "float32", shape: threeColumns }],
    initializers: { widen: diagonal(3, width), keep: diagonal(width, width), narrow: diagonal(width, 3) },
    nodes: [
      node("MatMul", ["x", "widen"], ["step_0"]),
      ...Array.from({ length: steps }, (_, step) =>
        node("MatMul", [`step_${step}`, "keep"], [`step_${step + 1}`]),
      ),
      node("MatMul", [`step_${steps}`, "narrow"], ["y"]),
    ],
  });
}
