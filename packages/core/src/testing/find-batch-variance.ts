import type { Session } from "../backend/session.ts";
import { joinBatch, sliceRows, splitBatch } from "../scheduling/batch.ts";
import type { TensorMap } from "../tensor/tensor.ts";
import { assertTensors, ConformanceError } from "./conformance/assertions.ts";

/** Options of {@link findBatchVariance}. */
export interface BatchVarianceOptions {
  /** The sizes to try, in rows. Default 2, 3, 5, 8, 16, 33 and all rows, as far as there are so many. */
  readonly batchSizes?: readonly number[] | undefined;
}

/**
 * Whether a row's result depends on the rows that share its run: what keeps a model, a runtime or
 * a device from being batched.
 *
 * Each row runs alone, and then in batches, forwards and backwards, so that it has other neighbours
 * and another place. A result `y` in a batch and `x` alone have to be as close as the session
 * declares: |y - x| at most `absolute + relative * |x|` of its `precision`.
 *
 * @param session - Of a model whose inputs and outputs all have the rows as their first dimension.
 * @param inputs - The rows, at least 2 to be of use, no more than the session's `maxBatchSize` go into a run.
 * @returns What differed, as a sentence; `undefined` when nothing did.
 * @throws What a run throws.
 */
export async function findBatchVariance(
  session: Session,
  inputs: TensorMap,
  { batchSizes = [2, 3, 5, 8, 16, 33, Infinity] }: BatchVarianceOptions = {},
): Promise<string | undefined> {
  const rows = Object.values(inputs)[0]?.shape[0] ?? 0;
  const parts = Array.from({ length: rows }, (_, row) => sliceRows(inputs, row, row + 1));
  const alone: TensorMap[] = [];
  for (const part of parts) alone.push(await session.doRun(part, {}));
  const limit = Math.min(rows, session.maxBatchSize);
  const sizes = new Set(batchSizes.map((size) => Math.min(size, limit)));
  const forwards = Array.from({ length: rows }, (_, row) => row);
  for (const size of sizes) {
    for (const order of [forwards, forwards.toReversed()]) {
      for (let start = 0; start < rows; start += size) {
        const members = order.slice(start, start + size);
        const batch = members.map((row) => ({ tensors: parts[row]!, rows: 1 }));
        const results = splitBatch(await session.doRun(joinBatch(batch, new Map()), {}), batch);
        for (const [place, row] of members.entries()) {
          const what = `outputs of row ${row}, at place ${place} of a batch of ${members.length},`;
          const difference = differenceOf(results[place]!, alone[row]!, what, session);
          if (difference !== undefined) return difference;
        }
      }
    }
  }
  return undefined;
}

function differenceOf(
  actual: TensorMap,
  expected: TensorMap,
  what: string,
  { precision }: Session,
): string | undefined {
  try {
    assertTensors(actual, expected, what, precision);
    return undefined;
  } catch (error) {
    if (error instanceof ConformanceError) return error.message;
    throw error;
  }
}
