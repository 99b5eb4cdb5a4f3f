import fc from "fast-check";

import { type DType, dtypes, type NumericDType, typedArrayByDType } from "../tensor/dtype.ts";
import { elementCount, type Tensor, type TensorMap } from "../tensor/tensor.ts";
import type { BatchPart } from "./batch.ts";

/** How many values each element type tells apart here. */
const distinct: Partial<Record<DType, number>> = { bool: 2, int8: 128, uint8: 256 };

/** A tensor whose every element tells its row of the whole, its place in it, and its `salt`. */
function fingerprints(dtype: DType, firstRow: number, shape: readonly number[], salt: number): Tensor {
  const count = elementCount(shape);
  const rowLength = shape[0] === 0 ? 0 : count / shape[0]!;
  const codes = Array.from({ length: count }, (_, index) => firstRow * rowLength + index + 1_000 * salt);
  if (dtype === "string") return { dtype, shape, data: codes.map((code) => `${code} ✓`) };
  const ArrayType = typedArrayByDType[dtype as NumericDType];
  const data = new ArrayType(count);
  for (const [index, code] of codes.entries()) {
    const value = code % (distinct[dtype] ?? 30_000);
    data[index] = (dtype === "int64" || dtype === "uint64" ? BigInt(value) : value) as never;
  }
  return { dtype, shape, data } as Tensor;
}

/** The tensors of one batch: by name, their type and the shape of a row. */
export type Layout = readonly (readonly [name: string, dtype: DType, rowShape: readonly number[]])[];

/** The rows from `firstRow` of a whole, with a fingerprint in each element. */
export function rowsOf(layout: Layout, firstRow: number, rows: number): TensorMap {
  return Object.fromEntries(
    layout.map(([name, dtype, rowShape], index) => [
      name,
      fingerprints(dtype, firstRow, [rows, ...rowShape], index),
    ]),
  );
}

/** Requests of so many rows each, that one after the other are the rows of one whole. */
export function partsOf(layout: Layout, sizes: readonly number[]): BatchPart[] {
  let firstRow = 0;
  return sizes.map((rows) => {
    const tensors = rowsOf(layout, firstRow, rows);
    firstRow += rows;
    return { tensors, rows };
  });
}

/** The size of all parts together. */
export const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);

/** Tensors of any type, by names that are hard to hold, of rows of any shape, also empty ones. */
export const anyLayout: fc.Arbitrary<Layout> = fc.uniqueArray(
  fc.tuple(
    fc.constantFrom("x", "y", "", "0", "__proto__", "constructor", "toString", "a name"),
    fc.constantFrom(...dtypes),
    fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
  ),
  { selector: ([name]) => name, minLength: 1, maxLength: 4 },
);

/** How a batch is made up of requests. */
export const anySizes: fc.Arbitrary<number[]> = fc.array(fc.integer({ min: 1, max: 5 }), {
  minLength: 1,
  maxLength: 12,
});
