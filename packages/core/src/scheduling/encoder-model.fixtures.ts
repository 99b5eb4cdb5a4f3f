import { buildModel, elementTypeCodes, int, ints, node } from "@mlops/onnx-builder";

/** The width of {@link encoderModel}. */
const hiddenSize = 4;

/**
 * A text encoder in small: from `input_ids`, `attention_mask` and `token_type_ids`, int64
 * `[batch, sequence]`, to `pooled`, the mean of the embeddings where the mask is 1, to
 * `last_hidden_state`, each embedding plus that mean, and to `scores`, `[batch, sequence,
 * sequence]`, the products of all pairs of embeddings. The embeddings are small whole numbers, so
 * that sums are exact in whichever order, and results are equal to the last bit.
 */
export function encoderModel(): Uint8Array {
  const shape = ["batch", "sequence"];
  const table = (rows: number, factor: number): Float32Array =>
    Float32Array.from({ length: rows * hiddenSize }, (_, index) => ((index * factor) % 23) - 11);
  return buildModel({
    name: "encoder",
    inputs: ["input_ids", "attention_mask", "token_type_ids"].map((name) => ({
      name,
      dtype: "int64",
      shape,
    })),
    outputs: [
      { name: "pooled", dtype: "float32", shape: ["batch", hiddenSize] },
      { name: "last_hidden_state", dtype: "float32", shape: ["batch", "sequence", hiddenSize] },
      { name: "scores", dtype: "float32", shape: ["batch", "sequence", "sequence"] },
    ],
    initializers: {
      words: { dtype: "float32", shape: [100, hiddenSize], data: table(100, 7) },
      types: { dtype: "float32", shape: [2, hiddenSize], data: table(2, 5) },
      axis_1: { dtype: "int64", shape: [1], data: BigInt64Array.of(1n) },
      axis_2: { dtype: "int64", shape: [1], data: BigInt64Array.of(2n) },
    },
    nodes: [
      node("Gather", ["words", "input_ids"], ["word"]),
      node("Gather", ["types", "token_type_ids"], ["type"]),
      node("Add", ["word", "type"], ["embedded"]),
      node("Cast", ["attention_mask"], ["weights"], { to: int(elementTypeCodes.float32) }),
      node("Unsqueeze", ["weights", "axis_2"], ["column"]),
      node("Mul", ["embedded", "column"], ["kept"]),
      node("ReduceSum", ["kept", "axis_1"], ["total"], { keepdims: int(0) }),
      node("ReduceSum", ["weights", "axis_1"], ["count"], { keepdims: int(1) }),
      node("Div", ["total", "count"], ["pooled"]),
      node("Unsqueeze", ["pooled", "axis_1"], ["pooled_row"]),
      node("Add", ["embedded", "pooled_row"], ["last_hidden_state"]),
      node("Transpose", ["embedded"], ["turned"], { perm: ints([0, 2, 1]) }),
      node("MatMul", ["embedded", "turned"], ["scores"]),
    ],
  });
}
