import { elementTypeCodes, elementTypeFromCode } from "./element-type.ts";
import type { TensorProto } from "./onnx-proto.ts";
import type { DType, Tensor } from "./tensor.ts";

const typedArrays = {
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
} as const satisfies Record<Exclude<DType, "string">, unknown>;

/**
 * A tensor as the format has it.
 *
 * @throws RangeError when the shape has a size that is no whole number of at least 0, or the
 *   number of elements is not the product of the shape.
 * @throws TypeError when `data` is not the array that the dtype calls for.
 */
export function toTensorProto(name: string, tensor: Tensor): TensorProto {
  checkTensor(name, tensor);
  const header = { name, dims: tensor.shape.map(BigInt), dataType: elementTypeCodes[tensor.dtype] };
  if (tensor.dtype === "string") {
    const encoder = new TextEncoder();
    return { ...header, stringData: tensor.data.map((text) => encoder.encode(text)) };
  }
  // Typed arrays are little-endian, as rawData is, on every machine that Node and ONNX Runtime support.
  const { buffer, byteOffset, byteLength } = tensor.data;
  return { ...header, rawData: new Uint8Array(buffer, byteOffset, byteLength) };
}

/**
 * Reads a tensor whose elements are in `rawData` or `stringData`, as {@link toTensorProto} writes them.
 *
 * @throws RangeError when its element type is none of `DType`, or its elements are kept elsewhere.
 */
export function fromTensorProto(proto: TensorProto): Tensor {
  const name = proto.name ?? "";
  const dtype = elementTypeFromCode(proto.dataType);
  const shape = proto.dims.map(Number);
  let tensor: Tensor;
  if (dtype === "string") {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    tensor = { dtype, shape, data: (proto.stringData ?? []).map((bytes) => decoder.decode(bytes)) };
  } else if (isNumeric(dtype)) {
    // A copy, because the bytes need not be aligned to the element size where they lie.
    const raw = new Uint8Array(proto.rawData ?? []);
    // `typedArrays` pairs each dtype with its data; TypeScript loses that on a union of keys.
    tensor = { dtype, shape, data: new typedArrays[dtype](raw.buffer) } as Tensor;
  } else {
    throw new RangeError(`Tensor "${name}" has the element type ${dtype}, which no array here holds.`);
  }
  checkTensor(name, tensor);
  return tensor;
}

function isNumeric(name: string): name is keyof typeof typedArrays {
  return Object.hasOwn(typedArrays, name);
}

function checkTensor(name: string, { dtype, shape, data }: Tensor): void {
  let count = 1;
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0) {
      throw new RangeError(
        `Tensor "${name}": a dimension has to be a whole number of at least 0, not ${size}.`,
      );
    }
    count *= size;
  }
  const fits = dtype === "string" ? Array.isArray(data) : data instanceof typedArrays[dtype];
  if (!fits) throw new TypeError(`Tensor "${name}": the data of a ${dtype} tensor is of the wrong kind.`);
  if (data.length !== count) {
    throw new RangeError(
      `Tensor "${name}" has ${data.length} elements, but its shape [${shape.join(", ")}] holds ${count}.`,
    );
  }
}
