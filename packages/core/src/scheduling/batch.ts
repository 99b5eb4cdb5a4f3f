import { type NumericDType, typedArrayByDType } from "../tensor/dtype.ts";
import { setTensor } from "../tensor/set-tensor.ts";
import type { Tensor, TensorMap } from "../tensor/tensor.ts";

/** Memory for the inputs of batches, used again by the next one of the same lane. */
export type BatchMemory = Map<string, ArrayBufferLike>;

/** One request's part of a batch. */
export interface BatchPart {
  readonly tensors: TensorMap;
  readonly rows: number;
}

/** Says inside this folder that a model's outputs do not have the rows of its inputs. */
export class RowCountError extends Error {}

type TypedArray = Exclude<Tensor["data"], readonly string[]>;

/**
 * Joins the requests' tensors along their first dimension. A single request's are used as they
 * are; several are copied into `memory`, which must not be in use.
 */
export function joinBatch(parts: readonly BatchPart[], memory: BatchMemory): TensorMap {
  const [first] = parts;
  if (first === undefined || parts.length === 1) return first?.tensors ?? {};
  let rows = 0;
  for (const part of parts) rows += part.rows;
  const joined: Record<string, Tensor> = {};
  for (const name of Object.keys(first.tensors)) {
    setTensor(joined, name, joinTensors(parts, name, rows, memory));
  }
  return joined;
}

function joinTensors(parts: readonly BatchPart[], name: string, rows: number, memory: BatchMemory): Tensor {
  const { dtype, shape } = parts[0]!.tensors[name]!;
  const batchShape = [rows, ...shape.slice(1)];
  if (dtype === "string") {
    const data = parts.flatMap((part) => part.tensors[name]!.data as readonly string[]);
    return { dtype, shape: batchShape, data };
  }
  let length = 0;
  for (const part of parts) length += part.tensors[name]!.data.length;
  const data = reusedArray(dtype, length, name, memory);
  let offset = 0;
  for (const part of parts) {
    const source = part.tensors[name]!.data as TypedArray;
    data.set(source as never, offset);
    offset += source.length;
  }
  // The batch key makes all parts of one dtype.
  return { dtype, shape: batchShape, data } as Tensor;
}

function reusedArray(dtype: NumericDType, length: number, name: string, memory: BatchMemory): TypedArray {
  const ArrayType = typedArrayByDType[dtype];
  const byteLength = length * ArrayType.BYTES_PER_ELEMENT;
  let buffer = memory.get(name);
  if (buffer === undefined || buffer.byteLength < byteLength) {
    // A power of two, so that slowly growing batches do not each get new memory.
    buffer = new ArrayBuffer(2 ** Math.ceil(Math.log2(Math.max(byteLength, 64))));
    memory.set(name, buffer);
  }
  return new ArrayType(buffer, 0, length);
}

/**
 * Gives each request its rows of the batch's outputs, in memory of its own.
 *
 * @throws RowCountError when an output does not have as many rows as the batch.
 */
export function splitBatch(outputs: TensorMap, parts: readonly BatchPart[]): TensorMap[] {
  if (parts.length === 1) return [outputs];
  let rows = 0;
  for (const part of parts) rows += part.rows;
  const results: Record<string, Tensor>[] = parts.map(() => ({}));
  for (const name of Object.keys(outputs)) {
    const output = outputs[name]!;
    if (output.shape[0] !== rows) throw new RowCountError();
    const rowShape = output.shape.slice(1);
    const rowLength = output.data.length / rows;
    let start = 0;
    for (let index = 0; index < parts.length; index += 1) {
      const partRows = parts[index]!.rows;
      const end = start + partRows * rowLength;
      const data = copyRange(output.data, start, end);
      setTensor(results[index]!, name, {
        dtype: output.dtype,
        shape: [partRows, ...rowShape],
        data,
      } as Tensor);
      start = end;
    }
  }
  return results;
}

// By the typed arrays' own method: that of a subclass, Node's Buffer, gives a view of the same memory.
function copyRange(data: Tensor["data"], start: number, end: number): Tensor["data"] {
  if (Array.isArray(data)) return data.slice(start, end);
  return Uint8Array.prototype.slice.call(data, start, end);
}

/** The rows from `start` to `end` of all tensors, as views without a copy. */
export function sliceRows(tensors: TensorMap, start: number, end: number): TensorMap {
  const slices: Record<string, Tensor> = {};
  for (const name of Object.keys(tensors)) {
    const { dtype, shape, data } = tensors[name]!;
    const rowLength = data.length / shape[0]!;
    const range = [start * rowLength, end * rowLength] as const;
    setTensor(slices, name, {
      dtype,
      shape: [end - start, ...shape.slice(1)],
      data: dtype === "string" ? data.slice(...range) : (data as TypedArray).subarray(...range),
    } as Tensor);
  }
  return slices;
}
