import type { Tensor, TensorMap } from "../tensor/tensor.ts";

/** The name of a tensor whose elements, dtype or shape are not those of its copy, if there is one. */
export function findChange(tensors: TensorMap, copies: TensorMap): string | undefined {
  return Object.keys(copies).find((name) => {
    const [tensor, copy] = [tensors[name], copies[name]!];
    return (
      tensor === undefined ||
      tensor.dtype !== copy.dtype ||
      tensor.shape.join() !== copy.shape.join() ||
      !isSameData(tensor.data, copy.data)
    );
  });
}

/** Whether two tensors have the same elements, NaN and the sign of zero included. */
function isSameData(a: Tensor["data"], b: Tensor["data"]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (!Object.is(a[index], b[index])) return false;
  return true;
}
