import { numberFromFloat16, type Tensor } from "@mlops/core";

import { datatypeByDType } from "./datatype.ts";

/**
 * A tensor as the JSON text of an output of an inference response, its data flat.
 *
 * 64-bit integers are written with all their digits, and floats that JSON has no number for as
 * `"NaN"`, `"Infinity"` and `"-Infinity"`, as in the JSON mapping of Protocol Buffers.
 */
export function encodeTensor(name: string, tensor: Tensor): string {
  const { dtype, shape } = tensor;
  const datatype = datatypeByDType[dtype];
  return `{"name":${JSON.stringify(name)},"datatype":"${datatype}","shape":[${shape.join(",")}],"data":${encodeData(tensor)}}`;
}

function encodeData({ dtype, data }: Tensor): string {
  switch (dtype) {
    case "string":
      return JSON.stringify(data);
    case "bool":
      return JSON.stringify(Array.from(data, Boolean));
    case "float16":
      return encodeFloats(Array.from(data, numberFromFloat16));
    case "float32":
    case "float64":
      return encodeFloats(data);
    default:
      return `[${data.join(",")}]`;
  }
}

function encodeFloats(values: ArrayLike<number> & { join(separator: string): string }): string {
  let isFinite = true;
  for (let index = 0; index < values.length; index += 1) isFinite &&= Number.isFinite(values[index]);
  // Joined, a finite number reads as JSON writes it.
  if (isFinite) return `[${values.join(",")}]`;
  return JSON.stringify(Array.from(values, (value) => (Number.isFinite(value) ? value : String(value))));
}
