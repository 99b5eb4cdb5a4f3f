import { findTensorProblem, type Tensor, type TensorMap } from "../tensor/tensor.ts";

/** The value, if it is tensors by name. */
export function tensorsOf(value: unknown): TensorMap | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const tensors = Object.entries(value);
  const isTensorMap =
    tensors.length > 0 && tensors.every(([, entry]) => findTensorProblem(entry) === undefined);
  // Every entry has just been found to be a tensor.
  return isTensorMap ? (value as TensorMap) : undefined;
}

/** The rows of tensors whose signature is not known: the largest first dimension, 1 where there is none. */
export function countRows(tensors: TensorMap): number {
  const sizes = Object.values(tensors).map(({ shape }: Tensor) => shape[0] ?? 1);
  return sizes.length === 0 ? 1 : Math.max(...sizes);
}
