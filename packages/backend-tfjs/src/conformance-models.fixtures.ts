import { type Dimension, type DType, tensor, type Tensor } from "@mlops/core";
import {
  type ConformanceModelName,
  lookupTable,
  networkWeights,
  unsupported,
  type Unsupported,
} from "@mlops/core/testing";

import { graphModel, node } from "./graph-builder.fixtures.ts";

/** How many columns the products of the model `slow` have, so that each engine takes some tens of milliseconds. */
export interface ConformanceModelOptions {
  readonly slowWidth: number;
}

/** The models of the conformance suite as graph models. */
export function conformanceModel(
  name: ConformanceModelName,
  { slowWidth }: ConformanceModelOptions,
): Uint8Array | Unsupported {
  if (name === "slow") return slowModel(slowWidth);
  return named[name]?.() ?? identityModel(name.slice("identity-".length) as DType);
}

const tensorFlowTypes: { readonly [D in DType]?: string } = {
  float32: "DT_FLOAT",
  int32: "DT_INT32",
  bool: "DT_BOOL",
  string: "DT_STRING",
};

function identityModel(dtype: DType): Uint8Array | Unsupported {
  const type = tensorFlowTypes[dtype];
  if (type === undefined) return unsupported(`TensorFlow.js has no ${dtype}`);
  return graphModel({
    inputs: [{ name: "x", type, shape: threeColumns }],
    outputs: [{ name: "y", type, shape: threeColumns }],
    nodes: [node("Identity", "y", ["x"], { T: type })],
  });
}

const type = "DT_FLOAT";
const threeColumns: readonly Dimension[] = ["batch", 3];
const x = { name: "x", type, shape: threeColumns };
const y = { name: "y", type, shape: threeColumns };
const scalarOf = (value: number): Tensor<"int32"> => tensor("int32", [value], []);

const named: Readonly<Partial<Record<ConformanceModelName, () => Uint8Array>>> = {
  add: () =>
    graphModel({
      inputs: [
        { name: "a", type, shape: ["batch", 2] },
        { name: "b", type, shape: ["batch", 2] },
      ],
      outputs: [{ name: "sum", type, shape: ["batch", 2] }],
      nodes: [node("AddV2", "sum", ["a", "b"], { T: type })],
    }),
  network: () =>
    graphModel({
      inputs: [{ name: "x", type, shape: ["batch", 4] }],
      outputs: [{ name: "y", type, shape: ["batch", 3] }],
      constants: { ...networkWeights },
      nodes: [
        node("MatMul", "product", ["x", "hiddenWeight"], { T: type }),
        node("BiasAdd", "dense", ["product", "hiddenBias"], { T: type }),
        node("Relu", "hidden", ["dense"], { T: type }),
        node("MatMul", "outputProduct", ["hidden", "outputWeight"], { T: type }),
        node("BiasAdd", "y", ["outputProduct", "outputBias"], { T: type }),
      ],
    }),
  "two-outputs": () =>
    graphModel({
      inputs: [x],
      outputs: [
        { name: "negative", type, shape: threeColumns },
        { name: "double", type, shape: threeColumns },
      ],
      nodes: [node("Neg", "negative", ["x"], { T: type }), node("AddV2", "double", ["x", "x"], { T: type })],
    }),
  "scalar-input": () =>
    graphModel({
      inputs: [x, { name: "factor", type, shape: [] }],
      outputs: [y],
      nodes: [node("Mul", "y", ["x", "factor"], { T: type })],
    }),
  "scalar-output": () =>
    graphModel({
      inputs: [x],
      outputs: [{ name: "y", type, shape: [] }],
      constants: { axes: tensor("int32", [0, 1]) },
      nodes: [node("Sum", "y", ["x", "axes"], { T: type, Tidx: "DT_INT32", keep_dims: { b: false } })],
    }),
  "unknown-rank": () =>
    graphModel({
      inputs: [{ name: "x", type, shape: undefined }],
      outputs: [{ name: "y", type, shape: undefined }],
      nodes: [node("Identity", "y", ["x"], { T: type })],
    }),
  "fixed-batch": () =>
    graphModel({
      inputs: [{ ...x, shape: [1, 3] }],
      outputs: [{ ...y, shape: [1, 3] }],
      nodes: [node("AddV2", "y", ["x", "x"], { T: type })],
    }),
  // No engine but TensorFlow's looks whether an index is there. An index of 4 or more asks for
  // a shape that there is not, which all of them refuse.
  lookup: () =>
    graphModel({
      inputs: [{ name: "index", type: "DT_INT32", shape: ["batch", 1] }],
      outputs: [{ name: "y", type, shape: ["batch", 1] }],
      constants: {
        table: tensor("float32", [...lookupTable]),
        axis: scalarOf(0),
        axes: tensor("int32", [0, 1]),
        count: scalarOf(lookupTable.length),
        prime: scalarOf(1_000_003),
        one: scalarOf(1),
        rest: scalarOf(-1),
        last: scalarOf(lookupTable.length - 1),
      },
      nodes: [
        node("Max", "greatest", ["index", "axes"], { T: "DT_INT32", keep_dims: { b: false } }),
        node("FloorDiv", "excess", ["greatest", "count"], { T: "DT_INT32" }),
        node("Mul", "penalty", ["excess", "prime"], { T: "DT_INT32" }),
        node("AddV2", "columns", ["penalty", "one"], { T: "DT_INT32" }),
        node("Pack", "shape", ["rest", "columns"], { T: "DT_INT32", N: { i: "2" }, axis: { i: "0" } }),
        node("Minimum", "within", ["index", "last"], { T: "DT_INT32" }),
        node("GatherV2", "values", ["table", "within", "axis"], {
          Tparams: type,
          Tindices: "DT_INT32",
          Taxis: "DT_INT32",
          batch_dims: { i: "0" },
        }),
        node("Reshape", "y", ["values", "shape"], { T: type, Tshape: "DT_INT32" }),
      ],
    }),
  sequence: () =>
    graphModel({
      inputs: [{ name: "x", type, shape: ["batch", "sequence"] }],
      outputs: [{ name: "y", type, shape: ["batch"] }],
      constants: { axis: tensor("int32", [1]) },
      nodes: [node("Sum", "y", ["x", "axis"], { T: type, Tidx: "DT_INT32", keep_dims: { b: false } })],
    }),
};

/** `y = x` by way of 20 products with an identity matrix, which are exact. */
function slowModel(width: number): Uint8Array {
  const steps = 20;
  const diagonal = (rows: number, columns: number): Tensor<"float32"> => {
    const data = new Float32Array(rows * columns);
    for (let index = 0; index < Math.min(rows, columns); index += 1) data[index * columns + index] = 1;
    return tensor("float32", data, [rows, columns]);
  };
  const product = (a: string, b: string, name: string) => node("MatMul", name, [a, b], { T: type });
  return graphModel({
    inputs: [x],
    outputs: [y],
    constants: { widen: diagonal(3, width), keep: diagonal(width, width), narrow: diagonal(width, 3) },
    nodes: [
      product("x", "widen", "step_0"),
      ...Array.from({ length: steps }, (_, step) => product(`step_${step}`, "keep", `step_${step + 1}`)),
      product(`step_${steps}`, "narrow", "y"),
    ],
  });
}
