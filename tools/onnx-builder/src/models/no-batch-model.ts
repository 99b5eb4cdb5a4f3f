import { buildModel } from "../build-model.ts";
import { node } from "../node.ts";

/** `y = 2 x`, both float32 of the fixed shape `[1, 3]`: a model that takes one row and no more. */
export function noBatchModel(): Uint8Array {
  const shape = [1, 3];
  return buildModel({
    name: "no-batch",
    inputs: [{ name: "x", dtype: "float32", shape }],
    outputs: [{ name: "y", dtype: "float32", shape }],
    nodes: [node("Add", ["x", "x"], ["y"])],
  });
}
