import type { Environment } from "../environment.ts";
import { WorkerLostError } from "../errors/worker-lost-error.ts";
import type { Signature } from "../tensor/tensor-info.ts";
import { Admission } from "./admission.ts";
import { joinBatch, RowCountError, splitBatch } from "./batch.ts";
import { EverybodyInTime, MostInTime } from "./batch-choice.ts";
import { type BatchKey, batchKeyOf } from "./batch-key.ts";
import type { CostModel } from "./cost-model.ts";
import { DispatchTurn } from "./dispatch-turn.ts";
import type { Lane, Lanes } from "./lane.ts";
import { runInParts, tooManyRows } from "./oversized-request.ts";
import { PendingRequest } from "./pending-request.ts";
import { RequestQueue } from "./request-queue.ts";
import { RunCosts } from "./run-costs.ts";
import type { SequenceLayout } from "./sequence-layout.ts";
import type { ScheduledRequest, ScheduledResult, Scheduler } from "./scheduler.ts";

/** What a {@link BatchScheduler} is made of. */
export interface BatchSchedulerOptions {
  /** The name of the model, for errors. */
  readonly model: string;
  readonly signature: Signature;
  readonly lanes: Lanes;
  readonly environment: Environment;
  /** The most rows of a batch; 1 request a run when requests must not share one. */
  readonly maxBatchSize: number;
  /** The most rows of a run of one request. */
  readonly maxRunRows: number;
  /** Whether requests may share a run. */
  readonly shareRuns: boolean;
  /** Whether a request of more rows may run in parts. */
  readonly splitRequests: boolean;
  /** How sequences are padded, if they are. */
  readonly sequences?: SequenceLayout | undefined;
  /** How long a batch that is not full may wait for more, while a lane is free. */
  readonly maxDelayMs: number;
  /** The most rows that wait. */
  readonly maxQueueSize: number;
}

/**
 * Runs requests in batches. While a lane is free nobody waits; while all are busy requests gather,
 * and the next free lane takes as many as fit. Busy time is the batching window.
 */
export class BatchScheduler implements Scheduler {
  readonly #options: BatchSchedulerOptions;
  readonly #batchKey: BatchKey;
  readonly #queue = new RequestQueue();
  readonly #costs = new RunCosts();
  readonly #admission: Admission;
  readonly #turn: DispatchTurn;
  /** Halves of batches that failed, each to be run again on its own. */
  readonly #retries: PendingRequest[][] = [];
  #shareRuns: boolean;
  #splitRequests: boolean;
  #running = 0;
  #wasAlone = true;
  #cancelDelay: (() => void) | undefined;
  #idleCallbacks: (() => void)[] = [];

  constructor(options: BatchSchedulerOptions) {
    this.#options = options;
    this.#shareRuns = options.shareRuns;
    this.#splitRequests = options.splitRequests;
    this.#batchKey = batchKeyOf(options.signature, options.sequences);
    this.#admission = new Admission({ ...options, queue: this.#queue, cost: this.#costs.overall });
    this.#turn = new DispatchTurn(options.environment, this.#dispatch);
    options.lanes.onStuck = this.#onStuck;
    options.lanes.onFree = () => {
      if (this.#queue.size > 0 || this.#retries.length > 0) this.#planDispatch();
    };
  }

  get queued(): number {
    let retrying = 0;
    for (const batch of this.#retries) for (const request of batch) if (!request.isSettled) retrying += 1;
    return this.#queue.size + retrying;
  }

  get running(): number {
    return this.#running;
  }

  /** The most rows of a run that requests share, if they do. */
  get #runLimit(): number | undefined {
    return this.#shareRuns ? this.#options.maxBatchSize : undefined;
  }

  /** What a batch costs, as learned so far. */
  get cost(): Pick<CostModel, "perRowMs" | "fixedMs"> {
    return this.#costs.overall;
  }

  submit(request: ScheduledRequest): Promise<ScheduledResult> {
    const refusal = this.#admission.findRefusal(request, this.#runLimit);
    if (refusal !== undefined) return Promise.reject(refusal);
    const { tensors, rows, outputs } = request;
    const maxRows = this.#runLimit ?? this.#options.maxRunRows;
    // Those that neither share runs nor are split all stand in one line.
    const isSimple = !this.#shareRuns && rows <= maxRows;
    const batchKey = isSimple ? "" : this.#batchKey(tensors, rows, outputs);
    if (rows <= maxRows) return this.#enqueue(request, batchKey);
    const canSplit = this.#splitRequests && typeof batchKey === "string";
    return canSplit
      ? this.#enqueueInParts(request, maxRows, batchKey)
      : this.#enqueueWhole(request, batchKey);
  }

  #enqueue(request: ScheduledRequest, batchKey: string | symbol): Promise<ScheduledResult> {
    return new Promise((resolve, reject) => {
      const pending = new PendingRequest(request, batchKey, this.#options.environment, resolve, reject);
      if (pending.isSettled) return;
      pending.onGivenUp = this.#onGivenUp;
      this.#queue.add(pending);
      this.#planDispatch();
    });
  }

  drain(): Promise<void> {
    return new Promise((resolve) => {
      this.#idleCallbacks.push(resolve);
      this.#settleIdle();
    });
  }

  readonly #onGivenUp = (request: PendingRequest): void => {
    if (request.stage === "queued") this.#queue.forget(request);
    const { rows, submittedAt, deadline = Infinity } = request;
    if (deadline <= this.#options.environment.now()) this.#admission.missed(rows, deadline - submittedAt);
    this.#settleIdle();
  };

  readonly #onStuck = (error: unknown): void => {
    for (const request of [...this.#retries.splice(0).flat(), ...this.#queue.takeAll()])
      request.reject(error);
    this.#settleIdle();
  };

  #planDispatch(): void {
    this.#turn.plan(this.#wasAlone);
  }

  readonly #dispatch = (): void => {
    this.#cancelDelay?.();
    this.#cancelDelay = undefined;
    while (this.#dispatchRetry() || this.#dispatchBatch());
    this.#settleIdle();
  };

  #dispatchRetry(): boolean {
    const [batch] = this.#retries;
    if (batch === undefined) return false;
    const now = this.#options.environment.now();
    const live = batch.filter((request) => !request.isOver(now));
    const lane = live.length === 0 ? undefined : this.#takeLane(countRows(live), false, live.some(isSuspect));
    if (live.length > 0 && lane === undefined) return false;
    this.#retries.shift();
    if (lane !== undefined) void this.#run(lane, live, now);
    return true;
  }

  #dispatchBatch(): boolean {
    if (this.#queue.size === 0) return false;
    const { maxBatchSize, lanes, environment } = this.#options;
    const now = environment.now();
    const first = this.#queue.peek(now);
    if (first === undefined) return false;
    const limit = this.#shareRuns ? maxBatchSize : 1;
    const rows = this.#shareRuns ? this.#queue.batchableRows(first, limit * lanes.size) : first.rows;
    if (rows < limit && this.#isWorthWaiting(rows, now)) return false;
    const isAlone = this.#queue.size === 1 && this.#running === 0;
    const freeCount = Math.max(lanes.freeCount, 1);
    const lane = this.#takeLane(Math.min(rows, limit), isAlone);
    if (lane === undefined) return false;
    this.#wasAlone = isAlone;
    // What waits is shared out among the lanes that could take it now.
    const share = Math.ceil(rows / freeCount);
    void this.#run(lane, this.#takeBatch(first, Math.min(share, limit), now), now);
    return true;
  }

  #takeBatch(first: PendingRequest, maxRows: number, now: number): readonly PendingRequest[] {
    if (this.#queue.size === 1) return [this.#queue.take(first)];
    const cost = this.#costs.overall;
    const most = this.#admission.isOverloaded
      ? MostInTime.among(this.#queue.batchable(first), maxRows, cost, now)
      : undefined;
    const choice = most ?? new EverybodyInTime(maxRows, cost, now);
    const { joined, refused } = this.#queue.takeBatch(first, choice, now);
    for (const request of refused) request.reject(this.#admission.refusal("deadline", this.#runLimit, now));
    return joined;
  }

  #takeLane(rows: number, isAlone: boolean, isSuspect = false): Lane | undefined {
    const expectedMs = this.#costs.predictInlineMs(rows);
    return this.#options.lanes.take({ rows, isAlone, isSuspect, expectedMs });
  }

  /** Whether `maxDelayMs` lets a batch that is not full wait for more; then it arranges the next look. */
  #isWorthWaiting(rows: number, now: number): boolean {
    const { maxDelayMs, environment } = this.#options;
    if (maxDelayMs === 0) return false;
    const runMs = this.#costs.overall.predictMs(rows);
    // Whoever has waited longest counts, and who would come late by waiting does not wait.
    const startBy = this.#queue.min(({ submittedAt, deadline = Infinity }) =>
      submittedAt + maxDelayMs + runMs < deadline ? submittedAt + maxDelayMs : submittedAt,
    );
    if (startBy <= now) return false;
    this.#cancelDelay = environment.setTimer(this.#dispatch, startBy - now);
    return true;
  }

  async #run(lane: Lane, batch: readonly PendingRequest[], startedAt: number): Promise<void> {
    const { environment, lanes, sequences } = this.#options;
    const rows = countRows(batch);
    for (const request of batch) {
      request.stage = "running";
      request.startedAt = startedAt;
    }
    this.#running += batch.length;
    this.#admission.begin(lane, startedAt, this.#costs.overall.predictMs(rows));
    try {
      const inputs = joinBatch(batch, lane.memory, sequences);
      const { outputs: names, signal } = batch[0]!;
      const outputs = await lane.session.doRun(inputs, {
        outputs: names,
        signal: batch.length === 1 ? signal : undefined,
      });
      const finishedAt = environment.now();
      this.#costs.observe(lane, rows, finishedAt - startedAt);
      const results = splitBatch(outputs, batch, sequences);
      for (let index = 0; index < batch.length; index += 1)
        batch[index]!.resolve(results[index]!, rows, finishedAt);
    } catch (error) {
      this.#failOrRetry(batch, error);
    }
    this.#running -= batch.length;
    this.#admission.end(lane);
    lanes.free(lane);
    this.#settleIdle();
  }

  /**
   * One request fails by its own fault. Of several, nobody knows whose it was: each half runs again.
   * A worker can end for reasons of its own in the moment that it is sent a request: one that was
   * alone in it has a second chance.
   */
  #failOrRetry(batch: readonly PendingRequest[], error: unknown): void {
    const [first] = batch;
    if (batch.length === 1) {
      if (WorkerLostError.isInstance(error) && !first!.lostWorker) {
        first!.lostWorker = true;
        first!.isSuspect = true;
        this.#retries.push([first!]);
      } else first!.reject(error);
      return;
    }
    // An output whose rows are not the requests' says that this model's requests cannot share a run.
    if (error instanceof RowCountError) {
      this.#foundDependentRows();
      this.#retries.push(...batch.map((request) => [request]));
      return;
    }
    if (WorkerLostError.isInstance(error)) for (const request of batch) request.isSuspect = true;
    const middle = Math.ceil(batch.length / 2);
    this.#retries.push(batch.slice(0, middle), batch.slice(middle));
  }

  /** Runs a request of more rows than a run may have in parts. */
  async #enqueueInParts(
    request: ScheduledRequest,
    maxRows: number,
    batchKey: string,
  ): Promise<ScheduledResult> {
    const result = await runInParts(request, maxRows, (part) => this.#enqueue(part, batchKey));
    if (result !== undefined) return result;
    this.#foundDependentRows();
    return this.#enqueueWhole(request, batchKey);
  }

  /** Runs a request of more rows than a batch may have in one, if the model takes so many. */
  #enqueueWhole(request: ScheduledRequest, batchKey: string | symbol): Promise<ScheduledResult> {
    const { maxRunRows, signature } = this.#options;
    if (request.rows <= maxRunRows) return this.#enqueue(request, batchKey);
    return Promise.reject(tooManyRows(request, signature, maxRunRows));
  }

  /** Takes account of an output that does not have the rows of its run. */
  #foundDependentRows(): void {
    this.#shareRuns = false;
    this.#splitRequests = false;
  }

  #settleIdle(): void {
    if (this.#running > 0 || this.#queue.size > 0 || this.#retries.length > 0) return;
    this.#cancelDelay?.();
    this.#cancelDelay = undefined;
    if (this.#idleCallbacks.length === 0) return;
    const callbacks = this.#idleCallbacks;
    this.#idleCallbacks = [];
    for (const callback of callbacks) callback();
  }
}

function countRows(batch: readonly PendingRequest[]): number {
  let rows = 0;
  for (const request of batch) rows += request.rows;
  return rows;
}

function isSuspect(request: PendingRequest): boolean {
  return request.isSuspect;
}
