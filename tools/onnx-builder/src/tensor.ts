/**
 * The array that holds a tensor's elements, by element type. `float16` is IEEE 754 binary16 bit
 * patterns, `bool` one byte an element, 0 or 1.
 *
 * Here and in {@link Tensor}, the same structure as `@mlops/core`'s, written out again so that
 * the tool its tests use does not depend on it.
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

/** An element type whose values a {@link Tensor} can hold. */
export type DType = keyof TensorDataByDType;

/**
 * A row-major array. `shape` holds the size of each dimension, `[]` for a scalar; `data` has as
 * many elements as the product of the shape.
 */
export type Tensor<D extends DType = DType> = {
  [K in D]: {
    readonly dtype: K;
    readonly shape: readonly number[];
    readonly data: TensorDataByDType[K];
  };
}[D];
