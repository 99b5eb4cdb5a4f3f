import { int } from "../attribute.ts";
import { buildModel } from "../build-model.ts";
import { node } from "../node.ts";

/** The sum over all of `x`, float32 `[batch, 3]`, as the scalar `y`, `[]`: its output does not batch. */
export function scalarOutputModel(): Uint8Array {
  return buildModel({
    name: "scalar-output",
    inputs: [{ name: "x", dtype: "float32", shape: ["batch", 3] }],
    outputs: [{ name: "y", dtype: "float32", shape: [] }],
    nodes: [node("ReduceSum", ["x"], ["y"], { keepdims: int(0) })],
  });
}
