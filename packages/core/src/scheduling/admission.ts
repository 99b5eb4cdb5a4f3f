import type { Environment } from "../environment.ts";
import { OverloadedError } from "../errors/overloaded-error.ts";
import type { CostModel } from "./cost-model.ts";
import type { Lane, Lanes } from "./lane.ts";
import type { RequestQueue } from "./request-queue.ts";
import type { ScheduledRequest } from "./scheduler.ts";
import { withoutStack } from "./without-stack.ts";

/** What an {@link Admission} is made of. */
export interface AdmissionOptions {
  /** The name of the model, for errors. */
  readonly model: string;
  readonly environment: Environment;
  readonly lanes: Lanes;
  readonly queue: RequestQueue;
  readonly cost: CostModel;
  /** The most rows that wait. */
  readonly maxQueueSize: number;
}

/**
 * Refuses at once who finds the queue full, or could not be answered before the deadline. It
 * foresees when each lane will be free, and how long those take that wait.
 */
export class Admission {
  readonly #options: AdmissionOptions;
  /** When the batch of each busy lane is expected to have ended. */
  readonly #expectedEnds = new Map<Lane, number>();
  #isShortOfTime = false;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /**
   * Whether anybody was refused or came late for want of time since the last batch began. Then a run
   * that is smaller than it could be is paid for by others.
   */
  get isOverloaded(): boolean {
    return this.#isShortOfTime;
  }

  /** Takes account of a batch that begins, and is expected to take so long. */
  begin(lane: Lane, now: number, expectedMs: number): void {
    this.#expectedEnds.set(lane, now + expectedMs);
    this.#isShortOfTime = false;
  }

  /** Takes account of the end of a lane's batch. */
  end(lane: Lane): void {
    this.#expectedEnds.delete(lane);
  }

  /** Takes account of a request that is not answered within the time that it had. */
  missed(rows: number, hadMs: number): void {
    // What could not be answered in so little time anyhow says nothing.
    if (this.#options.cost.predictMs(rows) <= hadMs) this.#isShortOfTime = true;
  }

  /**
   * Why a request may not wait, if it may not.
   *
   * @param maxBatchSize The most rows of a run, or `undefined` where each request has its own.
   */
  findRefusal(
    { rows, deadline = Infinity, priority = "normal", signal }: ScheduledRequest,
    maxBatchSize: number | undefined,
  ): OverloadedError | undefined {
    const { queue, lanes, maxQueueSize, environment } = this.#options;
    // Whatever is believed of its cost, a request that finds nobody before it is tried.
    if (queue.size === 0 && (this.#expectedEnds.size === 0 || lanes.freeCount > 0)) return undefined;
    // A request of more rows than the queue holds gets its turn when nothing else waits.
    const isFull = queue.size > 0 && queue.rows + rows > maxQueueSize;
    if (!isFull && deadline === Infinity) return undefined;
    const now = environment.now();
    // What is over already says so itself.
    if (deadline <= now || signal?.aborted) return undefined;
    const before = queue.before(priority);
    if (!isFull && this.#doneAt(before.rows + rows, before.size + 1, maxBatchSize, now) <= deadline) {
      return undefined;
    }
    this.missed(rows, deadline - now);
    return this.refusal(isFull ? "queue-full" : "deadline", maxBatchSize, now);
  }

  /** Why a request is refused that has waited, but would come late. */
  refusal(reason: OverloadedError["reason"], maxBatchSize: number | undefined, now: number): OverloadedError {
    const { model, queue } = this.#options;
    const retryAfterMs = this.#doneAt(queue.rows, queue.size, maxBatchSize, now) - now;
    return withoutStack(() => new OverloadedError({ model, reason, retryAfterMs }));
  }

  /** When so many rows, of so many requests, are expected to be done, if all that can be full is. */
  #doneAt(rows: number, requests: number, maxBatchSize: number | undefined, now: number): number {
    const { cost, lanes } = this.#options;
    const laneCount = Math.max(lanes.size, 1);
    const fullRows = maxBatchSize ?? rows / Math.max(requests, 1);
    const batches = maxBatchSize === undefined ? requests : Math.ceil(rows / maxBatchSize);
    if (batches === 0) return this.#freeAt(0, now);
    // The lanes take turns, in the order in which they become free.
    const rounds = Math.floor((batches - 1) / laneCount);
    const startAt = this.#freeAt((batches - 1) % laneCount, now) + rounds * cost.predictMs(fullRows);
    return startAt + cost.predictMs(rows - (batches - 1) * fullRows);
  }

  /** When `others` lanes and one more are expected to be free. */
  #freeAt(others: number, now: number): number {
    const { lanes } = this.#options;
    const free = lanes.freeCount;
    if (others < free || this.#expectedEnds.size === 0) return now;
    if (this.#expectedEnds.size === 1) {
      for (const end of this.#expectedEnds.values()) return Math.max(end, now);
    }
    const ends = [...this.#expectedEnds.values()].toSorted((a, b) => a - b);
    return Math.max(ends[Math.min(others - free, ends.length - 1)]!, now);
  }
}
