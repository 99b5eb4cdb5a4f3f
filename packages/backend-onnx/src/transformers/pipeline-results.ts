import { BackendError, isDType, type Tensor, tensor, typedArrayByDType } from "@mlops/core";

import { isPipelineTensor, type PipelineTensor } from "./pipeline.ts";

/**
 * The result of each input, of what a pipeline gave for a list: the elements of a list, or the rows of
 * a tensor, in memory of their own.
 *
 * @throws BackendError `BACKEND_FAILED` when there are not as many results as inputs.
 */
export function splitResult(result: unknown, count: number): readonly unknown[] {
  const found = isPipelineTensor(result) ? result.dims[0] : Array.isArray(result) ? result.length : undefined;
  if (found !== count) {
    const what = found === undefined ? "no list" : `${found} results`;
    throw failure(
      `the pipeline gave ${what} for ${count} inputs; if it takes no lists, set \`batching\` to false`,
    );
  }
  if (!isPipelineTensor(result)) return (result as unknown[]).map(toPlainResult);
  const shape = result.dims.slice(1);
  const { dtype, data } = takeTensor(result);
  const size = data.length / Math.max(count, 1);
  // The tensor is taken apart, so its dtype and the kind of its data still fit.
  return Array.from({ length: count }, (_, row) => {
    const elements = data.slice(row * size, (row + 1) * size);
    return tensor(dtype, elements as never, shape);
  });
}

/** A result with core's tensor in the place of the pipeline's, if it is one. */
export function toPlainResult(result: unknown): unknown {
  return isPipelineTensor(result) ? takeTensor(result) : result;
}

/** A copy of a pipeline's tensor. */
function takeTensor({ type, dims, data }: PipelineTensor): Tensor {
  if (!isDType(type)) throw failure(`the pipeline gave a tensor of ${type}, which is not supported`);
  const shape = [...dims];
  if (type === "string") return tensor(type, Array.from(data, String), shape);
  if (!ArrayBuffer.isView(data))
    throw failure("the pipeline gave a tensor that is not in the memory of the CPU");
  const { buffer, byteOffset, byteLength } = data;
  // Where the engine has Float16Array, ONNX Runtime gives one; core's tensors hold the bits.
  const bytes = new Uint8Array(buffer, byteOffset, byteLength).slice();
  return tensor(type, new typedArrayByDType[type](bytes.buffer) as never, shape);
}

function failure(problem: string): BackendError {
  return new BackendError({ backend: "transformers.js", problem });
}
