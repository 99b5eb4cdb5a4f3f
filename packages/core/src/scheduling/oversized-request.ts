import { ShapeMismatchError } from "../errors/shape-mismatch-error.ts";
import type { Signature, TensorInfo } from "../tensor/tensor-info.ts";
import { type BatchPart, joinBatch, sliceRows } from "./batch.ts";
import type { ScheduledRequest, ScheduledResult } from "./scheduler.ts";

/**
 * Runs a request of more rows than a run may have in parts, and joins their results.
 *
 * @param run Runs one part. When one fails, the others are aborted.
 * @returns `undefined` when an output does not have the rows of its part: then the model's rows are
 *   not independent, and the request cannot be answered in parts.
 */
export async function runInParts(
  request: ScheduledRequest,
  maxRows: number,
  run: (part: ScheduledRequest) => Promise<ScheduledResult>,
): Promise<ScheduledResult | undefined> {
  const controller = new AbortController();
  const signal =
    request.signal === undefined ? controller.signal : AbortSignal.any([request.signal, controller.signal]);
  const sizes: number[] = [];
  const parts: Promise<ScheduledResult>[] = [];
  for (let start = 0; start < request.rows; start += maxRows) {
    const rows = Math.min(maxRows, request.rows - start);
    sizes.push(rows);
    parts.push(run({ ...request, tensors: sliceRows(request.tensors, start, start + rows), rows, signal }));
  }
  try {
    const results = await Promise.all(parts);
    const answers = results.map(({ outputs }, index) => ({ tensors: outputs, rows: sizes[index]! }));
    if (!answers.every(hasItsRows)) return undefined;
    return {
      outputs: joinBatch(answers, new Map()),
      batchRows: Math.max(...results.map(({ batchRows }) => batchRows)),
      queueMs: Math.max(...results.map(({ queueMs }) => queueMs)),
      runMs: results.reduce((sum, { runMs }) => sum + runMs, 0),
    };
  } catch (error) {
    // The others need not run any more, and nobody hears how they ended.
    controller.abort();
    await Promise.allSettled(parts);
    throw error;
  }
}

function hasItsRows({ tensors, rows }: BatchPart): boolean {
  return Object.values(tensors).every(({ shape }) => shape[0] === rows);
}

/** Why a request of more rows than a run takes is refused, where it cannot run in parts. */
export function tooManyRows(
  { tensors, rows }: ScheduledRequest,
  { inputs }: Signature,
  maxRows: number,
): ShapeMismatchError {
  // A model without inputs has no rows.
  const [{ name, shape = [] }] = inputs as [TensorInfo];
  return new ShapeMismatchError({
    tensor: name,
    expected: shape,
    actual: tensors[name]!.shape,
    problem:
      `it has ${rows} rows, and a run takes ${maxRows} at most; ` +
      "ask in several requests, as nothing says that the rows are independent",
  });
}
