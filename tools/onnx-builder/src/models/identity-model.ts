import { buildModel } from "../build-model.ts";
import type { ElementType } from "../element-type.ts";
import { node } from "../node.ts";

const newerThanOpset17 = new Set<ElementType>([
  "float8e4m3fn",
  "float8e4m3fnuz",
  "float8e5m2",
  "float8e5m2fnuz",
  "uint4",
  "int4",
]);

/**
 * `y = x` for any element type; `x` and `y` are `[batch, 3]`.
 *
 * The 8-bit float and 4-bit integer types take opset 21 and IR version 10, so ONNX Runtime 1.18 or later.
 */
export function identityModel(dtype: ElementType): Uint8Array {
  const shape = ["batch", 3];
  return buildModel({
    name: "identity",
    inputs: [{ name: "x", dtype, shape }],
    outputs: [{ name: "y", dtype, shape }],
    nodes: [node("Identity", ["x"], ["y"])],
    ...(newerThanOpset17.has(dtype) && { opset: 21, irVersion: 10 }),
  });
}
