import { type DType, type Tensor, tensor } from "@mlops/core";

import { decodeTensor, type TensorProto } from "./onnx-proto.ts";

/** The element types that JavaScript has an array for, by their number in `TensorProto.DataType`. */
export const dtypeByCode: ReadonlyMap<number, DType> = new Map([
  [1, "float32"],
  [2, "uint8"],
  [3, "int8"],
  [4, "uint16"],
  [5, "int16"],
  [6, "int32"],
  [7, "int64"],
  [8, "string"],
  [9, "bool"],
  [10, "float16"],
  [11, "float64"],
  [12, "uint32"],
  [13, "uint64"],
]);

/**
 * Reads the file of a tensor.
 *
 * @throws RangeError when JavaScript has no array for its elements.
 */
export function readTensor(bytes: Uint8Array): Tensor {
  const proto = decodeTensor(bytes);
  const dtype = dtypeByCode.get(proto.dataType ?? 0);
  if (dtype === undefined) throw new RangeError(`No array holds the element type ${proto.dataType}.`);
  const shape = proto.dims.map(Number);
  if (dtype === "string") {
    const decoder = new TextDecoder();
    return tensor(
      "string",
      proto.stringData.map((text) => decoder.decode(text)),
      shape,
    );
  }
  // `elementsOf` gives the array of the dtype; a call of a generic function loses the pairing.
  return tensor(dtype, elementsOf(dtype, proto) as never, shape) as Tensor;
}

function elementsOf(dtype: Exclude<DType, "string">, proto: TensorProto): ArrayBufferView {
  if (proto.rawData !== undefined && proto.rawData.length > 0) {
    // A copy, because the bytes need not be aligned where they lie.
    return new arrays[dtype](new Uint8Array(proto.rawData).buffer);
  }
  switch (dtype) {
    case "float32":
      return Float32Array.from(proto.floatData);
    case "float64":
      return Float64Array.from(proto.doubleData);
    case "int64":
      return BigInt64Array.from(proto.int64Data);
    case "uint64":
      return BigUint64Array.from(proto.uint64Data);
    case "uint32":
      return Uint32Array.from(proto.uint64Data, Number);
    default:
      // All others, half precision as its bits among them, lie in `int32_data`.
      return arrays[dtype].from(proto.int32Data);
  }
}

const arrays = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
} as const;
