import type { Environment } from "../environment.ts";
import { AbortedError } from "../errors/aborted-error.ts";
import { DeadlineExceededError } from "../errors/deadline-exceeded-error.ts";
import type { TensorMap } from "../tensor/tensor.ts";
import { headStartMs, type Priority } from "./priority.ts";
import type { ScheduledRequest, ScheduledResult } from "./scheduler.ts";

/** A request between `submit` and its outcome: it settles once, by its result, an error, its deadline or its signal. */
export class PendingRequest {
  readonly tensors: TensorMap;
  readonly rows: number;
  readonly outputs: readonly string[] | undefined;
  readonly deadline: number | undefined;
  readonly priority: Priority;
  /** Requests of the same key can go into one batch. */
  readonly batchKey: string | symbol;
  readonly submittedAt: number;
  /** Its place among all that wait: the smallest goes first. */
  readonly rank: number;
  /** Where it is, for its errors. */
  stage: "queued" | "running" = "queued";
  startedAt = 0;
  isSettled = false;
  /** Whether the worker it ran in, alone, has ended before it answered. */
  lostWorker = false;
  /** Whether a worker has ended that it ran in, alone or with others. */
  isSuspect = false;
  /** Called when it was given up, by its deadline or its signal. */
  onGivenUp: ((request: PendingRequest) => void) | undefined;
  readonly signal: AbortSignal | undefined;
  readonly #resolve: (result: ScheduledResult) => void;
  readonly #reject: (error: unknown) => void;
  #cancelTimer: (() => void) | undefined;
  #onAbort: (() => void) | undefined;

  constructor(
    request: ScheduledRequest,
    batchKey: string | symbol,
    environment: Environment,
    resolve: (result: ScheduledResult) => void,
    reject: (error: unknown) => void,
  ) {
    this.tensors = request.tensors;
    this.rows = request.rows;
    this.outputs = request.outputs;
    this.deadline = request.deadline;
    this.priority = request.priority ?? "normal";
    this.batchKey = batchKey;
    this.submittedAt = environment.now();
    this.rank = this.submittedAt - headStartMs[this.priority];
    this.signal = request.signal;
    this.#resolve = resolve;
    this.#reject = reject;
    if (request.signal !== undefined) this.#watchSignal(request.signal);
    if (request.deadline !== undefined && !this.isSettled) this.#watchDeadline(request.deadline, environment);
  }

  resolve(outputs: TensorMap, batchRows: number, finishedAt: number): void {
    if (!this.#settle()) return;
    this.#resolve({
      outputs,
      batchRows,
      queueMs: this.startedAt - this.submittedAt,
      runMs: finishedAt - this.startedAt,
    });
  }

  reject(error: unknown): void {
    if (this.#settle()) this.#reject(error);
  }

  /** Whether it needs no run any more: a deadline is over when the clock says so, though its timer may come late. */
  isOver(now: number): boolean {
    if (!this.isSettled && this.deadline !== undefined && this.deadline <= now)
      this.#giveUpLate(this.deadline);
    return this.isSettled;
  }

  #watchSignal(signal: AbortSignal): void {
    const onAbort = (): void => this.#giveUp(new AbortedError({ stage: this.stage, cause: signal.reason }));
    if (signal.aborted) {
      onAbort();
      return;
    }
    this.#onAbort = onAbort;
    signal.addEventListener("abort", onAbort);
  }

  #watchDeadline(deadline: number, environment: Environment): void {
    const remainingMs = deadline - environment.now();
    // A host may fire early, or split a long delay.
    if (remainingMs > 0) {
      this.#cancelTimer = environment.setTimer(() => this.#watchDeadline(deadline, environment), remainingMs);
      return;
    }
    this.#giveUpLate(deadline);
  }

  #giveUpLate(deadline: number): void {
    const waitedMs = Math.max(deadline - this.submittedAt, 0);
    this.#giveUp(new DeadlineExceededError({ stage: this.stage, waitedMs }));
  }

  #giveUp(error: AbortedError | DeadlineExceededError): void {
    if (this.isSettled) return;
    this.reject(error);
    this.onGivenUp?.(this);
  }

  #settle(): boolean {
    if (this.isSettled) return false;
    this.isSettled = true;
    this.#cancelTimer?.();
    if (this.#onAbort !== undefined) this.signal?.removeEventListener("abort", this.#onAbort);
    return true;
  }
}
