import type { DType } from "@mlops/core";

/**
 * The element types of TensorFlow, by name and by number, as what TensorFlow.js computes with in
 * their place: it has five types, and narrows or widens the others to them.
 *
 * @see https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/framework/types.proto
 */
const tensorFlowTypes: readonly (readonly [name: string, number: number, dtype: DType])[] = [
  ["DT_FLOAT", 1, "float32"],
  ["DT_DOUBLE", 2, "float32"],
  ["DT_INT32", 3, "int32"],
  ["DT_UINT8", 4, "int32"],
  ["DT_INT16", 5, "int32"],
  ["DT_INT8", 6, "int32"],
  ["DT_STRING", 7, "string"],
  ["DT_INT64", 9, "int32"],
  ["DT_BOOL", 10, "bool"],
  ["DT_BFLOAT16", 14, "float32"],
  ["DT_UINT16", 17, "int32"],
  ["DT_HALF", 19, "float32"],
  ["DT_UINT32", 22, "int32"],
  ["DT_UINT64", 23, "int32"],
];

/** The element type that TensorFlow.js computes with; `undefined` for one that it has nothing for. */
export function fromTensorFlowType(type: unknown): DType | undefined {
  return tensorFlowTypes.find(([name, number]) => name === type || number === type)?.[2];
}

/** The element types that TensorFlow.js has. Its `complex64` has no counterpart in core. */
export function isTfjsDType(dtype: string): dtype is "float32" | "int32" | "bool" | "string" {
  return dtype === "float32" || dtype === "int32" || dtype === "bool" || dtype === "string";
}
