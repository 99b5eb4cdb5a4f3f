import type { TensorMap } from "../tensor/tensor.ts";
import type { Priority } from "./priority.ts";

/**
 * Decides when requests run, and with which others. It stands between validation and the
 * sessions: what reaches it fits the signature, and what it calls is `Session.doRun`.
 */
export interface Scheduler {
  /** Requests that wait to run. */
  readonly queued: number;
  /** Requests that are running, also those whose caller has given up. */
  readonly running: number;
  /**
   * Runs a request, sooner or later.
   *
   * @throws ShapeMismatchError `SHAPE_MISMATCH` when it has more rows than a run takes and cannot be
   *   split, OverloadedError `OVERLOADED`, DeadlineExceededError `DEADLINE_EXCEEDED`, AbortedError
   *   `ABORTED`, and what the session throws, whichever comes first.
   */
  submit(request: ScheduledRequest): Promise<ScheduledResult>;
  /** Resolves once nothing waits or runs, also nothing whose caller has given up. */
  drain(): Promise<void>;
}

/** A request that fits the signature. */
export interface ScheduledRequest {
  readonly tensors: TensorMap;
  /** The size of the batch dimension. */
  readonly rows: number;
  readonly outputs: readonly string[] | undefined;
  readonly signal: AbortSignal | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly deadline: number | undefined;
  readonly priority: Priority | undefined;
}

/** What the model gave, and how long it took. */
export interface ScheduledResult {
  readonly outputs: TensorMap;
  /** The rows of the whole batch that the request ran in; of the largest, when it was split. */
  readonly batchRows: number;
  /** Milliseconds from `submit` to the start of the run. */
  readonly queueMs: number;
  /** Milliseconds of the run. */
  readonly runMs: number;
}
