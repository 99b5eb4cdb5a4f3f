import { expect, test } from "vitest";

import { numberCalls } from "./call-order.ts";
import { toGraph } from "./graph.ts";
import type { LayerConfig, ModelConfig } from "./model-config.ts";

/** A layer whose calls each take one tensor, written `layer/call`. */
function layer(name: string, ...calls: readonly string[]): LayerConfig {
  return {
    name,
    className: name === "x" ? "InputLayer" : "Activation",
    options: {},
    model: undefined,
    calls: calls.map((call) => [
      { layer: call.split("/")[0] ?? "", node: Number(call.split("/")[1]), tensor: 0 },
    ]),
    isOperation: false,
  };
}

test("a shared layer's calls are numbered in the rounds of TensorFlow.js", () => {
  const model: ModelConfig = {
    name: "model",
    layers: [
      layer("x"),
      // Its second call waits for the second of a layer after it, a round later than its third.
      layer("shared", "x/0", "other/1", "far/0"),
      layer("other", "x/0", "near/0"),
      layer("near", "x/0"),
      layer("first", "x/0"),
      layer("second", "first/0"),
      layer("third", "second/0"),
      layer("far", "third/0"),
    ],
    inputs: [{ layer: "x", node: 0, tensor: 0 }],
    outputs: [{ layer: "shared", node: 2, tensor: 0 }],
  };
  const graph = toGraph(model);
  const numbers = numberCalls(graph);
  const shared = graph.layers.find(({ name }) => name === "shared");
  const numbered = shared?.calls.map((call) => [call.inputs[0]?.call.layer.name, numbers.get(call)]);
  expect(numbered).toEqual([
    ["x", 0],
    ["other", 2],
    ["far", 1],
  ]);
});
