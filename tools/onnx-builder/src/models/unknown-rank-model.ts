import { buildModel } from "../build-model.ts";
import { node } from "../node.ts";

/** `y = x`, float32 of any shape: the model says nothing of the number of dimensions. */
export function unknownRankModel(): Uint8Array {
  return buildModel({
    name: "unknown-rank",
    inputs: [{ name: "x", dtype: "float32", shape: undefined }],
    outputs: [{ name: "y", dtype: "float32", shape: undefined }],
    nodes: [node("Identity", ["x"], ["y"])],
  });
}
