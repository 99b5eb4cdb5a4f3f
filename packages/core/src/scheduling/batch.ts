import { type NumericDType, type TypedArray, typedArrayByDType } from "../tensor/dtype.ts";
import { setTensor } from "../tensor/set-tensor.ts";
import { elementCount, type Tensor, type TensorMap } from "../tensor/tensor.ts";
import { copyBox } from "./copy-box.ts";
import type { PaddedInput, SequenceLayout } from "./sequence-layout.ts";

/** Memory for the inputs of batches, used again by the next one of the same lane. */
export type BatchMemory = Map<string, ArrayBufferLike>;

/** One request's part of a batch. */
export interface BatchPart {
  readonly tensors: TensorMap;
  readonly rows: number;
}

/** Says inside this folder that a model's outputs do not have the rows of its inputs. */
export class RowCountError extends Error {}

/**
 * Joins the requests' tensors along their first dimension, sequences padded to one length. What
 * needs neither is used as it is; the rest is copied into `memory`, which must not be in use.
 */
export function joinBatch(
  parts: readonly BatchPart[],
  memory: BatchMemory,
  sequences?: SequenceLayout,
): TensorMap {
  const [first] = parts;
  if (first === undefined) return {};
  const length = sequences && paddedLength(parts, sequences);
  if (parts.length === 1 && (length === undefined || length === sequences!.lengthOf(first.tensors)))
    return first.tensors;
  let rows = 0;
  for (const part of parts) rows += part.rows;
  const joined: Record<string, Tensor> = {};
  for (const name of Object.keys(first.tensors)) {
    const padded = sequences?.inputOf(name);
    const tensor =
      padded === undefined || length === undefined
        ? joinTensors(parts, name, rows, memory)
        : joinSequences(parts, name, rows, memory, padded, length);
    setTensor(joined, name, tensor);
  }
  return joined;
}

/** The length of all sequences of a batch. */
function paddedLength(parts: readonly BatchPart[], sequences: SequenceLayout): number | undefined {
  let longest = 0;
  for (const { tensors } of parts) {
    const length = sequences.lengthOf(tensors);
    // It is by itself then, by its batch key.
    if (length === undefined) return undefined;
    longest = Math.max(longest, length);
  }
  return sequences.paddedLength(longest);
}

function joinSequences(
  parts: readonly BatchPart[],
  name: string,
  rows: number,
  memory: BatchMemory,
  { axes, padWith }: PaddedInput,
  length: number,
): Tensor {
  const { dtype, shape } = parts[0]!.tensors[name]!;
  const rowShape = withLength(shape, axes, length).slice(1);
  const rowLength = elementCount(rowShape);
  // No input of strings is padded.
  const data = reusedArray(dtype as NumericDType, rows * rowLength, name, memory);
  data.fill(padWith as never);
  let start = 0;
  for (const part of parts) {
    const { data: source, shape: sourceShape } = part.tensors[name]!;
    const end = start + part.rows * rowLength;
    copyBox(source as TypedArray, sourceShape, data.subarray(start, end), [part.rows, ...rowShape]);
    start = end;
  }
  return { dtype, shape: [rows, ...rowShape], data } as Tensor;
}

/** A shape with other sizes of these dimensions. */
function withLength(shape: readonly number[], axes: readonly number[], length: number): number[] {
  return shape.map((size, axis) => (axes.includes(axis) ? length : size));
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
 * Gives each request its rows of the batch's outputs, in memory of its own, sequences cut back to
 * their length.
 *
 * @throws RowCountError when an output does not have as many rows as the batch.
 */
export function splitBatch(
  outputs: TensorMap,
  parts: readonly BatchPart[],
  sequences?: SequenceLayout,
): TensorMap[] {
  const length = sequences && paddedLength(parts, sequences);
  const lengths = length === undefined ? [] : parts.map(({ tensors }) => sequences!.lengthOf(tensors)!);
  if (parts.length === 1 && lengths[0] === length) return [outputs];
  let rows = 0;
  for (const part of parts) rows += part.rows;
  const results: Record<string, Tensor>[] = parts.map(() => ({}));
  for (const name of Object.keys(outputs)) {
    const output = outputs[name]!;
    if (output.shape[0] !== rows) throw new RowCountError();
    const axes = length === undefined ? undefined : sequences!.outputAxesOf(name);
    if (axes !== undefined) checkLength(name, output, axes, length!);
    const rowShape = output.shape.slice(1);
    const rowLength = output.data.length / rows;
    let start = 0;
    for (let index = 0; index < parts.length; index += 1) {
      const partRows = parts[index]!.rows;
      const end = start + partRows * rowLength;
      const shape = [partRows, ...rowShape];
      const tensor =
        axes === undefined || lengths[index] === length
          ? { dtype: output.dtype, shape, data: copyRange(output.data, start, end) }
          : cutSequences(output, start, end, shape, withLength(shape, axes, lengths[index]!));
      setTensor(results[index]!, name, tensor as Tensor);
      start = end;
    }
  }
  return results;
}

function checkLength(name: string, { shape }: Tensor, axes: readonly number[], length: number): void {
  for (const axis of axes) {
    if (shape[axis] === length) continue;
    throw new Error(
      `The output ${JSON.stringify(name)} has ${shape[axis]} instead of the ${length} positions of the padded inputs`,
    );
  }
}

function cutSequences(
  { dtype, data }: Tensor,
  start: number,
  end: number,
  paddedShape: readonly number[],
  shape: readonly number[],
): Tensor {
  // No output of strings is cut back.
  const cut = new typedArrayByDType[dtype as NumericDType](elementCount(shape));
  copyBox((data as TypedArray).subarray(start, end), paddedShape, cut, shape);
  return { dtype, shape, data: cut } as Tensor;
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
