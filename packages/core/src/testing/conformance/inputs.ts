import type { DType } from "../../tensor/dtype.ts";
import { type Tensor, tensor, type TensorMap } from "../../tensor/tensor.ts";

/** `x`, float32 `[rows, 3]`. */
export function rowsOfThree(...values: number[]): TensorMap {
  return { x: tensor("float32", values, [values.length / 3, 3]) };
}

/** `x`, float32 `[rows, columns]`, whose rows are unlike each other and those of another `seed`. */
export function distinctRows(rows: number, columns: number, seed = 0): TensorMap {
  const values = Float32Array.from({ length: rows * columns }, (_, index) =>
    Math.sin(1 + index + 1_000 * seed),
  );
  return { x: tensor("float32", values, [rows, columns]) };
}

/** The rows from `start` to `end` of `x`, in memory of their own. */
export function rowsBetween({ x }: TensorMap, start: number, end: number): TensorMap {
  const [, columns = 1] = x!.shape;
  const data = (x!.data as Float32Array).slice(start * columns, end * columns);
  return { x: tensor("float32", data, [end - start, columns]) };
}

/** Two rows of three of a dtype: the ends of its range, and what is special about it. */
export function valuesOf(dtype: DType): Tensor {
  return valuesByDType()[dtype];
}

const valuesByDType = (): { readonly [D in DType]: Tensor<D> } => ({
  float32: tensor("float32", [1.5, -0, Number.NaN, Infinity, -Infinity, 3.4028234663852886e38], [2, 3]),
  float64: tensor("float64", [Math.PI, -0, Number.NaN, Infinity, -Infinity, Number.MAX_VALUE], [2, 3]),
  // 1, the smallest positive, the largest, NaN, infinity, -2
  float16: tensor("float16", Uint16Array.of(0x3c00, 0x0001, 0x7bff, 0x7e00, 0x7c00, 0xc000), [2, 3]),
  int8: tensor("int8", [-128, -1, 0, 1, 2, 127], [2, 3]),
  uint8: tensor("uint8", [0, 1, 2, 127, 128, 255], [2, 3]),
  int16: tensor("int16", [-32_768, -1, 0, 1, 2, 32_767], [2, 3]),
  uint16: tensor("uint16", [0, 1, 2, 32_767, 32_768, 65_535], [2, 3]),
  int32: tensor("int32", [-(2 ** 31), -1, 0, 1, 2 ** 24 + 1, 2 ** 31 - 1], [2, 3]),
  uint32: tensor("uint32", [0, 1, 2 ** 24 + 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1], [2, 3]),
  int64: tensor("int64", [-(2n ** 63n), -1n, 0n, 1n, 2n ** 53n + 1n, 2n ** 63n - 1n], [2, 3]),
  uint64: tensor("uint64", [0n, 1n, 2n ** 53n + 1n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n], [2, 3]),
  bool: tensor("bool", [true, false, true, true, false, false], [2, 3]),
  string: tensor("string", ["", "a b", "zwölf", "鴨", "🦆", "\u{10ffff}\n"], [2, 3]),
});
