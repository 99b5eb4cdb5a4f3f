import { numberFromFloat16 } from "../tensor/float16.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { DTypeMismatchError } from "../errors/dtype-mismatch-error.ts";

/**
 * A tensor's elements as numbers.
 *
 * @throws DTypeMismatchError `DTYPE_MISMATCH` for a tensor of strings.
 */
export function toNumbers({ dtype, data }: Tensor): ArrayLike<number> {
  if (dtype === "float16") return Float32Array.from(data, numberFromFloat16);
  if (dtype === "int64" || dtype === "uint64") return Float64Array.from(data, Number);
  if (dtype === "string") {
    throw new DTypeMismatchError({ tensor: "output", expected: "float32", actual: dtype });
  }
  return data;
}
