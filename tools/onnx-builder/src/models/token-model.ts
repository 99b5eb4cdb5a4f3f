import { int } from "../attribute.ts";
import { buildModel } from "../build-model.ts";
import { elementTypeCodes } from "../element-type.ts";
import { node } from "../node.ts";

/**
 * A text encoder's signature without its weight: from `input_ids` and `attention_mask`, int64
 * `[batch, sequence]`, the float32 `score`, `[batch]`, the sum of the ids where the mask is 1.
 * Padding that the mask covers leaves it as it is; padding that it does not changes it.
 */
export function tokenModel(): Uint8Array {
  const shape = ["batch", "sequence"];
  return buildModel({
    name: "token",
    inputs: [
      { name: "input_ids", dtype: "int64", shape },
      { name: "attention_mask", dtype: "int64", shape },
    ],
    outputs: [{ name: "score", dtype: "float32", shape: ["batch"] }],
    initializers: { axes: { dtype: "int64", shape: [1], data: BigInt64Array.of(1n) } },
    nodes: [
      node("Mul", ["input_ids", "attention_mask"], ["kept_ids"]),
      node("ReduceSum", ["kept_ids", "axes"], ["total"], { keepdims: int(0) }),
      node("Cast", ["total"], ["score"], { to: int(elementTypeCodes.float32) }),
    ],
  });
}
