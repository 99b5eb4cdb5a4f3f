import { buildModel } from "../build-model.ts";
import { node } from "../node.ts";

/** `sum = a + b`, all float32 `[batch, 2]`. */
export function addModel(): Uint8Array {
  const shape = ["batch", 2];
  return buildModel({
    name: "add",
    inputs: [
      { name: "a", dtype: "float32", shape },
      { name: "b", dtype: "float32", shape },
    ],
    outputs: [{ name: "sum", dtype: "float32", shape }],
    nodes: [node("Add", ["a", "b"], ["sum"])],
  });
}
