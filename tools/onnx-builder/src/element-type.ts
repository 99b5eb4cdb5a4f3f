/**
 * ONNX's element types, with their numbers in `TensorProto.DataType`: those a `Tensor` can hold,
 * and below them those it cannot, for models that a runtime's adapter has to refuse.
 */
export const elementTypeCodes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,

  complex64: 14,
  complex128: 15,
  bfloat16: 16,
  float8e4m3fn: 17,
  float8e4m3fnuz: 18,
  float8e5m2: 19,
  float8e5m2fnuz: 20,
  uint4: 21,
  int4: 22,
} as const;

/** The name of an ONNX element type. */
export type ElementType = keyof typeof elementTypeCodes;

/**
 * The element type with this number in `TensorProto.DataType`.
 *
 * @throws RangeError when the number is none of {@link elementTypeCodes}.
 */
export function elementTypeFromCode(code: number | undefined): ElementType {
  for (const [name, known] of Object.entries(elementTypeCodes)) {
    // The entries' keys are the table's keys; Object.entries types them as string.
    if (known === code) return name as ElementType;
  }
  throw new RangeError(`Unknown ONNX element type ${code}.`);
}
