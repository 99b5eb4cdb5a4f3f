import type { TensorMap } from "../tensor/tensor.ts";
import type { SequenceLayout } from "./sequence-layout.ts";
import type { Signature, TensorInfo } from "../tensor/tensor-info.ts";

/**
 * Tells which requests of `rows` rows can go into one batch: those with the same key. A symbol is
 * no other request's key, and says that the request's tensors are not so many rows: it can neither
 * share a run nor be split.
 */
export type BatchKey = (
  tensors: TensorMap,
  rows: number,
  outputs: readonly string[] | undefined,
) => string | symbol;

/**
 * The batch key of a model's requests: the sizes of every dimension but the first, where they
 * vary, and the outputs asked for. Element types are the model's, so they never differ. Of
 * sequences that are padded it is the bucket, not the length.
 */
export function batchKeyOf({ inputs }: Signature, sequences?: SequenceLayout): BatchKey {
  if (inputs.some(hasFixedRows)) return () => Symbol("alone");
  const varying = inputs.filter(hasVaryingRow).map(({ name }) => name);
  const unsure = inputs.filter((info) => mayHaveOtherRows(info, inputs)).map(({ name }) => name);
  if (varying.length === 0 && unsure.length === 0) return (_tensors, _rows, outputs) => outputKey(outputs);
  return (tensors, rows, outputs) => {
    for (const name of unsure) if (tensors[name]!.shape[0] !== rows) return Symbol("alone");
    const length = sequences?.lengthOf(tensors);
    if (sequences !== undefined && length === undefined) return Symbol("alone");
    const bucket = length === undefined ? 0 : sequences!.bucketOf(length);
    let key = outputKey(outputs);
    for (const name of varying) {
      const { shape } = tensors[name]!;
      const axes = sequences?.inputOf(name)?.axes;
      for (let axis = 1; axis < shape.length; axis += 1)
        key += `,${axes?.includes(axis) ? bucket : shape[axis]}`;
      key += ";";
    }
    return key;
  };
}

function hasFixedRows({ shape }: TensorInfo): boolean {
  return shape !== undefined && (shape.length === 0 || typeof shape[0] === "number");
}

// It is the first input that has given the rows, and equal names have been found to be equal sizes.
function mayHaveOtherRows(info: TensorInfo, [first]: readonly TensorInfo[]): boolean {
  if (info === first) return info.shape === undefined;
  return typeof info.shape?.[0] !== "string" || info.shape[0] !== first?.shape?.[0];
}

function hasVaryingRow({ shape }: TensorInfo): boolean {
  return shape === undefined || shape.slice(1).some((size) => typeof size !== "number");
}

function outputKey(outputs: readonly string[] | undefined): string {
  return outputs === undefined ? "" : JSON.stringify(outputs);
}

/**
 * Whether rows of different requests may share a run: every input and output has a first
 * dimension that varies, and what these dimensions are called speaks for one batch dimension. A
 * first dimension by another name, such as `sequence`, may be a time axis, along which a model
 * mixes the rows.
 */
export function isBatchable({ inputs, outputs }: Signature): boolean {
  const names = new Set<string>();
  for (const { shape } of [...inputs, ...outputs]) {
    const first = shape?.[0];
    if (first === undefined || typeof first === "number") return false;
    if (first !== null) names.add(first);
  }
  const inputNames = new Set(
    inputs.flatMap(({ shape }) => (typeof shape?.[0] === "string" ? [shape[0]] : [])),
  );
  return (
    inputs.length > 0 &&
    inputNames.size <= 1 &&
    [...names].every((name) => inputNames.has(name) || isBatchName(name)) &&
    [...inputNames].every(isBatchName)
  );
}

/** Whether a dimension of this name is the batch. */
export function isBatchName(name: string): boolean {
  return batchName.test(name);
}

/** What exporters call the batch dimension: PyTorch, Keras, tf2onnx, skl2onnx, Optimum. */
const batchName = /^(n|b|bs|none|\?|batch|batch[ _-]?size|.*[ _-]batch|batch[ _-].*|unk__\d+|s\d+)$/i;
