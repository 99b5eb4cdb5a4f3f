/**
 * What the elements of a tensor are, and the JavaScript array that holds them.
 *
 * - `float16`: the IEEE 754 binary16 bit patterns, because not every JavaScript engine has
 *   `Float16Array`. Convert with {@link float16FromNumber} and {@link numberFromFloat16}.
 * - `bool`: one byte an element, 0 or 1.
 * - `int64`, `uint64`: `bigint` elements.
 */
export interface TensorDataByDType {
  readonly float32: Float32Array;
  readonly float64: Float64Array;
  readonly float16: Uint16Array;
  readonly int8: Int8Array;
  readonly uint8: Uint8Array;
  readonly int16: Int16Array;
  readonly uint16: Uint16Array;
  readonly int32: Int32Array;
  readonly uint32: Uint32Array;
  readonly int64: BigInt64Array;
  readonly uint64: BigUint64Array;
  readonly bool: Uint8Array;
  readonly string: readonly string[];
}

/** The name of an element type, one of the keys of {@link TensorDataByDType}. */
export type DType = keyof TensorDataByDType;

/** The element types whose data is a typed array: all but `string`. */
export type NumericDType = Exclude<DType, "string">;

/** The typed array of some element type. */
export type TypedArray = TensorDataByDType[NumericDType];

/** What makes the typed array of an element type. */
export interface TypedArrayConstructor<D extends NumericDType = NumericDType> {
  readonly name: string;
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): TensorDataByDType[D];
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): TensorDataByDType[D];
  /** Converts each element; one that the array cannot hold throws a `TypeError`. */
  from(elements: readonly (D extends "int64" | "uint64" ? bigint : number)[]): TensorDataByDType[D];
}

/** The typed array constructor of each numeric element type. */
export const typedArrayByDType: { readonly [D in NumericDType]: TypedArrayConstructor<D> } = Object.freeze({
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
});

/** Every element type, in the order of {@link TensorDataByDType}. */
export const dtypes: readonly DType[] = Object.freeze([
  ...(Object.keys(typedArrayByDType) as NumericDType[]),
  "string" as const,
]);

/** Whether `value` names an element type. */
export function isDType(value: unknown): value is DType {
  return typeof value === "string" && (value === "string" || Object.hasOwn(typedArrayByDType, value));
}
