import { setTensor } from "../tensor/set-tensor.ts";
import type { Tensor, TensorMap } from "../tensor/tensor.ts";

/** The same tensors in memory of their own. */
export function copyTensors(tensors: TensorMap): TensorMap {
  const copies: Record<string, Tensor> = {};
  for (const name of Object.keys(tensors)) {
    const { dtype, shape, data } = tensors[name]!;
    // A copy of the array of a dtype is an array of that dtype.
    setTensor(copies, name, { dtype, shape: [...shape], data: copyData(data) } as Tensor);
  }
  return copies;
}

/** By the typed arrays' own method: that of a subclass, Node's Buffer, gives a view of the same memory. */
function copyData(data: Tensor["data"]): Tensor["data"] {
  return Array.isArray(data) ? [...(data as readonly string[])] : Uint8Array.prototype.slice.call(data);
}
