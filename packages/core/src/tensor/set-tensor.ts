import type { Tensor } from "./tensor.ts";

/** Puts a tensor into a record, also one of the name `__proto__`: names are the model's to choose. */
export function setTensor(record: Record<string, Tensor>, name: string, tensor: Tensor): void {
  if (name !== "__proto__") record[name] = tensor;
  // Assigned, it would become the prototype.
  else
    Object.defineProperty(record, name, {
      value: tensor,
      enumerable: true,
      configurable: true,
      writable: true,
    });
}
