import type { Signature, TensorInfo } from "../tensor/tensor-info.ts";
import { typedArrayByDType } from "../tensor/dtype.ts";
import type { Tensor, TensorMap } from "../tensor/tensor.ts";

/**
 * So many rows of zeros (or empty texts) as the signature describes them. A fixed first dimension
 * stays as it is.
 *
 * @returns Or, where the signature leaves a size open that is not the number of rows, what is open:
 *   a clause.
 */
export function zeroRows({ inputs }: Signature, rows: number): TensorMap | string {
  const tensors: Record<string, Tensor> = {};
  const batchNames = new Set(inputs.map(({ shape }) => shape?.[0]));
  for (const info of inputs) {
    const shape = shapeOf(info, rows, batchNames);
    if (typeof shape === "string") return shape;
    const length = shape.reduce((product, size) => product * size, 1);
    // The union pairs each element type with its data, which a lookup by type loses.
    const data = info.dtype === "string" ? Array<string>(length).fill("") : zeros(info.dtype, length);
    const zero = { dtype: info.dtype, shape, data } as Tensor;
    // A tensor may be called "__proto__".
    Object.defineProperty(tensors, info.name, { value: zero, enumerable: true });
  }
  return tensors;
}

function zeros(dtype: Exclude<Tensor["dtype"], "string">, length: number): Tensor["data"] {
  return new typedArrayByDType[dtype](length);
}

function shapeOf(
  { name, shape }: TensorInfo,
  rows: number,
  batchNames: ReadonlySet<unknown>,
): readonly number[] | string {
  const input = JSON.stringify(name);
  if (shape === undefined) return `the model does not tell how many dimensions the input ${input} has`;
  const sizes: number[] = [];
  for (const [axis, size] of shape.entries()) {
    if (typeof size === "number") sizes.push(size);
    else if (axis === 0 || (size !== null && batchNames.has(size))) sizes.push(rows);
    else return `the size of dimension ${axis} of the input ${input} is open`;
  }
  return sizes;
}
