import { typedArrayByDType } from "../tensor/dtype.ts";
import { elementCount, type Tensor } from "../tensor/tensor.ts";

/** The size of a dimension; the last ones are counted by negative numbers. */
export function sizeOf({ shape }: Tensor, axis: number): number {
  return shape.at(axis) ?? 0;
}

/** Joins tensors that differ in one dimension at most, along it. The result has memory of its own. */
export function joinAlong(tensors: readonly Tensor[], axis: number): Tensor {
  const first = tensors[0]!;
  const size = tensors.reduce((sum, tensor) => sum + sizeOf(tensor, axis), 0);
  const shape = first.shape.with(axis, size);
  const { length } = shape;
  const inner = elementCount(shape.slice(axis < 0 ? axis + length + 1 : axis + 1));
  const outer = size === 0 || inner === 0 ? 0 : elementCount(shape) / size / inner;
  const data = emptyData(first, elementCount(shape));
  let offset = 0;
  for (let block = 0; block < outer; block += 1) {
    for (const tensor of tensors) {
      const run = sizeOf(tensor, axis) * inner;
      copyElements(tensor.data, block * run, run, data, offset);
      offset += run;
    }
  }
  // The data is of the kind of the first tensor, and so is the dtype.
  return { dtype: first.dtype, shape, data } as Tensor;
}

/** The positions from `start` to `end` of one dimension, in memory of their own. */
export function sliceAlong(tensor: Tensor, axis: number, start: number, end: number): Tensor {
  const { dtype, shape } = tensor;
  const size = sizeOf(tensor, axis);
  const cut = shape.with(axis, end - start);
  const inner = elementCount(shape.slice(axis < 0 ? axis + shape.length + 1 : axis + 1));
  const outer = size === 0 || inner === 0 ? 0 : elementCount(shape) / size / inner;
  const data = emptyData(tensor, elementCount(cut));
  const run = (end - start) * inner;
  for (let block = 0; block < outer; block += 1) {
    copyElements(tensor.data, (block * size + start) * inner, run, data, block * run);
  }
  return { dtype, shape: cut, data } as Tensor;
}

/** A tensor of the dtype of another, of zeros or of empty strings. */
export function zerosOf(dtype: Tensor["dtype"], shape: readonly number[]): Tensor {
  const data = emptyData({ dtype }, elementCount(shape));
  return { dtype, shape: [...shape], data } as Tensor;
}

type MutableData = Tensor["data"] | string[];

function emptyData({ dtype }: Pick<Tensor, "dtype">, length: number): MutableData {
  return dtype === "string" ? Array<string>(length).fill("") : new typedArrayByDType[dtype](length);
}

function copyElements(
  source: Tensor["data"],
  start: number,
  count: number,
  target: MutableData,
  offset: number,
): void {
  if (Array.isArray(target)) {
    // The source is then a list of strings too.
    for (let index = 0; index < count; index += 1) target[offset + index] = source[start + index] as string;
    return;
  }
  // Both are the typed array of one dtype; a subarray of either is of the same kind.
  type Numbers = Float32Array;
  (target as Numbers).set((source as Numbers).subarray(start, start + count), offset);
}
