import type { Session } from "../backend/session.ts";
import type { Environment } from "../environment.ts";
import { AbortedError } from "../errors/aborted-error.ts";
import { DeadlineExceededError } from "../errors/deadline-exceeded-error.ts";
import type { ScheduledRequest, ScheduledResult, Scheduler } from "./scheduler.ts";

/**
 * Runs requests in the order in which they came, each as it is: one at a time, or all at once
 * where the session supports parallel runs.
 */
export class FifoScheduler implements Scheduler {
  readonly #session: Session;
  readonly #environment: Environment;
  readonly #waiting = new Set<PendingRequest>();
  readonly #maxRunning: number;
  #running = 0;
  #idleCallbacks: (() => void)[] = [];

  constructor(session: Session, environment: Environment) {
    this.#session = session;
    this.#environment = environment;
    this.#maxRunning = session.supportsParallelRuns ? Infinity : 1;
  }

  get queued(): number {
    return this.#waiting.size;
  }

  get running(): number {
    return this.#running;
  }

  submit(request: ScheduledRequest): Promise<ScheduledResult> {
    return new Promise((resolve, reject) => {
      const pending = new PendingRequest(request, this.#environment, resolve, reject);
      pending.onGivenUp = () => {
        this.#waiting.delete(pending);
        this.#settleIdle();
      };
      if (pending.isSettled) return;
      this.#waiting.add(pending);
      this.#startNext();
    });
  }

  drain(): Promise<void> {
    return new Promise((resolve) => {
      this.#idleCallbacks.push(resolve);
      this.#settleIdle();
    });
  }

  #startNext(): void {
    for (const pending of this.#waiting) {
      if (this.#running >= this.#maxRunning) return;
      this.#waiting.delete(pending);
      this.#running += 1;
      void this.#run(pending);
    }
  }

  async #run(pending: PendingRequest): Promise<void> {
    const { tensors, outputs, signal } = pending.request;
    const startedAt = this.#environment.now();
    pending.stage = "running";
    try {
      // Through an asynchronous function, so that a session that throws at once is as late as any
      // other: starting the next request from here would nest as deep as the queue is long.
      const result = await (async () => this.#session.doRun(tensors, { outputs, signal }))();
      const runMs = this.#environment.now() - startedAt;
      pending.resolve({ outputs: result, queueMs: startedAt - pending.submittedAt, runMs });
    } catch (error) {
      pending.reject(error);
    } finally {
      this.#running -= 1;
      this.#startNext();
      this.#settleIdle();
    }
  }

  #settleIdle(): void {
    if (this.#running > 0 || this.#waiting.size > 0) return;
    const callbacks = this.#idleCallbacks;
    this.#idleCallbacks = [];
    for (const callback of callbacks) callback();
  }
}

/** One caller's request: it settles once, by its result, its deadline or its signal. */
class PendingRequest {
  readonly request: ScheduledRequest;
  readonly submittedAt: number;
  stage: "queued" | "running" = "queued";
  isSettled = false;
  onGivenUp: () => void = () => {};
  readonly #resolve: (result: ScheduledResult) => void;
  readonly #reject: (error: unknown) => void;
  #cancelTimer: (() => void) | undefined;

  constructor(
    request: ScheduledRequest,
    environment: Environment,
    resolve: (result: ScheduledResult) => void,
    reject: (error: unknown) => void,
  ) {
    this.request = request;
    this.submittedAt = environment.now();
    this.#resolve = resolve;
    this.#reject = reject;
    const { signal, deadline } = request;
    if (signal?.aborted) {
      this.#abort();
      return;
    }
    signal?.addEventListener("abort", this.#abort);
    if (deadline === undefined) return;
    const exceed = (): void => {
      const remainingMs = deadline - environment.now();
      // A host may fire early, or split a long delay.
      if (remainingMs > 0) this.#cancelTimer = environment.setTimer(exceed, remainingMs);
      else
        this.#giveUp(new DeadlineExceededError({ stage: this.stage, waitedMs: deadline - this.submittedAt }));
    };
    exceed();
  }

  resolve(result: ScheduledResult): void {
    if (this.#settle()) this.#resolve(result);
  }

  reject(error: unknown): void {
    if (this.#settle()) this.#reject(error);
  }

  readonly #abort = (): void => {
    this.#giveUp(new AbortedError({ stage: this.stage, cause: this.request.signal?.reason }));
  };

  #giveUp(error: AbortedError | DeadlineExceededError): void {
    this.reject(error);
    this.onGivenUp();
  }

  #settle(): boolean {
    if (this.isSettled) return false;
    this.isSettled = true;
    this.#cancelTimer?.();
    this.request.signal?.removeEventListener("abort", this.#abort);
    return true;
  }
}
