import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import type { SequenceBatching } from "./sequence-options.ts";

/** How requests share runs. */
export interface BatchingOptions {
  /** The most rows of a run, at least 1. Default 64, or less where the model's own limit is. */
  readonly maxBatchSize?: number | undefined;
  /**
   * How many milliseconds a batch that is not full may wait for more, although nothing is running.
   * Default 0: while the model is busy requests gather anyway.
   */
  readonly maxDelayMs?: number | undefined;
  /**
   * Whether the first dimension of every input and output is a batch whose rows do not influence
   * each other. Default: what the signature says by its names, and `false` where the backend knows that
   * they do, as with dynamic quantization. `true` for a batch of another name.
   */
  readonly rowsAreIndependent?: boolean | undefined;
  /** How sequences of different length share runs. Default: they do not. */
  readonly sequences?: SequenceBatching | undefined;
}

/** How many requests may wait. */
export interface QueueOptions {
  /** The most rows that wait, at least 1. What comes then is refused at once. Default 1024. */
  readonly maxSize?: number | undefined;
}

const defaultMaxBatchSize = 64;
const defaultMaxQueueSize = 1_024;

/** The options with their defaults, checked; `sequences` are by what pads them. */
export function resolveBatching(
  batching: BatchingOptions | false | undefined,
  queue: QueueOptions | undefined,
): { readonly maxBatchSize: number; readonly maxDelayMs: number; readonly maxQueueSize: number } {
  const { maxBatchSize = defaultMaxBatchSize, maxDelayMs = 0, rowsAreIndependent } = batching || {};
  const { maxSize = defaultMaxQueueSize } = queue ?? {};
  checkCount("batching.maxBatchSize", maxBatchSize);
  checkCount("queue.maxSize", maxSize);
  if (!(Number.isFinite(maxDelayMs) && maxDelayMs >= 0)) {
    throw new InvalidOptionsError({
      option: "batching.maxDelayMs",
      problem: `is ${String(maxDelayMs)}; it has to be a number of milliseconds of at least 0`,
    });
  }
  if (rowsAreIndependent !== undefined && typeof rowsAreIndependent !== "boolean") {
    throw new InvalidOptionsError({
      option: "batching.rowsAreIndependent",
      problem: `is ${String(rowsAreIndependent)}; it has to be true, false or left out`,
    });
  }
  return { maxBatchSize, maxDelayMs, maxQueueSize: maxSize };
}

function checkCount(option: string, count: number): void {
  if (Number.isInteger(count) && count >= 1) return;
  throw new InvalidOptionsError({
    option,
    problem: `is ${String(count)}; it has to be a whole number of at least 1`,
  });
}
