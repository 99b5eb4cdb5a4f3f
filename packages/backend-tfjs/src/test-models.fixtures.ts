import { tensor } from "@mlops/core";

import { dataUrl, encodeJson, graphModelJson, node } from "./graph-builder.fixtures.ts";

const float = "DT_FLOAT";
const int = "DT_INT32";
const rows = ["batch", 2] as const;

/** `y = x W + b` with `[2, 3]` weights, as a layers model. `change` may break it. */
export function denseLayersJson(change: Partial<DenseChange> = {}): Record<string, unknown> {
  const weights = change.weights ?? Float32Array.of(1, 2, 3, 4, 5, 6, 0.5, 0.25, 0.125);
  const layers = [
    {
      class_name: "InputLayer",
      name: "x",
      config: { batch_input_shape: [null, 2], dtype: "float32", name: "x", sparse: false },
      inbound_nodes: [],
    },
    {
      class_name: "Dense",
      name: "y",
      config: { name: "y", units: change.units ?? 3, activation: "linear", use_bias: true, dtype: "float32" },
      inbound_nodes: [[[change.source ?? "x", 0, 0, {}]]],
    },
  ];
  return {
    format: "layers-model",
    modelTopology: {
      class_name: "Functional",
      config: { name: "dense", layers, input_layers: [["x", 0, 0]], output_layers: [["y", 0, 0]] },
    },
    weightsManifest: [
      {
        paths: [dataUrl(weights)],
        weights: [
          { name: "y/kernel", shape: [2, 3], dtype: "float32" },
          { name: "y/bias", shape: [3], dtype: "float32" },
        ],
      },
    ],
  };
}

interface DenseChange {
  readonly units: number;
  /** The layer that the dense one takes. */
  readonly source: string;
  readonly weights: Float32Array;
}

/** The same in one file. */
export const denseLayers = (): Uint8Array => encodeJson(denseLayersJson());

/** Two layers that are called twice each, one of them within a model that is called twice itself. */
export function sharedLayers(): Uint8Array {
  const input = (name: string): LayerJson => ({
    class_name: "InputLayer",
    name,
    config: { batch_input_shape: [null, 2], dtype: "float32", name },
    inbound_nodes: [],
  });
  const dense = (name: string, source: string): LayerJson => ({
    class_name: "Dense",
    name,
    config: { name, units: 2, activation: "linear", use_bias: false, dtype: "float32" },
    inbound_nodes: [[[source, 0, 0, {}]], [[name, 0, 0, {}]]],
  });
  const model = (name: string, layers: readonly LayerJson[], output: string): object => ({
    name,
    layers,
    input_layers: [[layers[0]!.name, 0, 0]],
    output_layers: [[output, 1, 0]],
  });
  const inner: LayerJson = {
    class_name: "Functional",
    name: "inner",
    config: model("inner", [input("inner_x"), dense("inner_y", "inner_x")], "inner_y"),
    inbound_nodes: [[["x", 0, 0, {}]], [["inner", 0, 0, {}]]],
  };
  const outer = dense("y", "inner");
  const layers = [input("x"), inner, { ...outer, inbound_nodes: [[["inner", 1, 0, {}]], [["y", 0, 0, {}]]] }];
  return encodeJson({
    format: "layers-model",
    modelTopology: { class_name: "Functional", config: model("shared", layers, "y") },
    weightsManifest: [
      {
        paths: [dataUrl(Float32Array.of(0, 1, 2, 0, 1, 1, 0, 1))],
        weights: [
          { name: "inner_y/kernel", shape: [2, 2], dtype: "float32" },
          { name: "y/kernel", shape: [2, 2], dtype: "float32" },
        ],
      },
    ],
  });
}

interface LayerJson {
  readonly class_name: string;
  readonly name: string;
  readonly config: object;
  readonly inbound_nodes: readonly unknown[];
}

/**
 * Doubles `x` as often as `times` says, by a loop: a graph model with control flow.
 */
export function loopGraph(): Uint8Array {
  const argument = (name: string, type: string) => ({ name, type });
  const signature = (name: string) => ({
    name,
    inputArg: [argument("count", int), argument("limit", int), argument("value", float)],
  });
  return encodeJson(
    graphModelJson({
      inputs: [
        { name: "x", type: float, shape: rows },
        { name: "times", type: int, shape: [] },
      ],
      outputs: [{ name: "y", type: float, shape: rows }],
      // Those of functions are kept with those of the graph.
      constants: { zero: tensor("int32", [0], []), one: tensor("int32", [1], []) },
      nodes: [
        node("StatelessWhile", "loop", ["zero", "times", "x"], {
          T: { list: { type: [int, int, float] } },
          cond: { func: { name: "condition" } },
          body: { func: { name: "body" } },
        }),
        node("Identity", "y", ["loop:2"], { T: float }),
      ],
      functions: [
        {
          signature: { ...signature("condition"), outputArg: [{ name: "more", type: "DT_BOOL" }] },
          nodeDef: [node("Less", "less", ["count", "limit"], { T: int })],
          ret: { more: "less:z:0" },
        },
        {
          signature: {
            ...signature("body"),
            outputArg: [argument("next", int), argument("same", int), argument("doubled", float)],
          },
          nodeDef: [
            node("Const", "one", [], { dtype: int }),
            node("AddV2", "add", ["count", "one"], { T: int }),
            node("AddV2", "double", ["value", "value"], { T: float }),
          ],
          ret: { next: "add:z:0", same: "limit", doubled: "double:z:0" },
        },
      ],
    }),
  );
}
