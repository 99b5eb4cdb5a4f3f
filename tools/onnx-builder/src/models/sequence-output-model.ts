import { buildModel } from "../build-model.ts";
import { node } from "../node.ts";

/** From `x`, float32 `[batch, 3]`, the sequence `[x]` as `y`: an output that is not a tensor. */
export function sequenceOutputModel(): Uint8Array {
  const shape = ["batch", 3];
  return buildModel({
    name: "sequence-output",
    inputs: [{ name: "x", dtype: "float32", shape }],
    outputs: [{ name: "y", dtype: "float32", shape, isSequence: true }],
    nodes: [node("SequenceConstruct", ["x"], ["y"])],
  });
}
