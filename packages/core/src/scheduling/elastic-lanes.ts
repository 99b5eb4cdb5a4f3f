import type { Session } from "../backend/session.ts";
import type { Environment } from "../environment.ts";
import type { Lane, LaneRequest, Lanes } from "./lane.ts";

/** A session in another thread or process. */
export interface WorkerSession {
  readonly session: Session;
  /** Whether its worker has ended by itself: it answers nothing any more. */
  readonly isLost: boolean;
  /** Waits for what runs in it, and ends it. */
  stop(): Promise<void>;
}

/** What {@link ElasticLanes} is made of. */
export interface ElasticLanesOptions {
  /** The session on this thread, where there is one. */
  readonly inline: Session | undefined;
  /** Starts another worker. */
  readonly startWorker: () => Promise<WorkerSession>;
  /** Workers that are there already. */
  readonly workers: readonly WorkerSession[];
  readonly minWorkers: number;
  readonly maxWorkers: number;
  readonly environment: Environment;
  /** Is told of a worker that could not be started, once until one could. */
  readonly onStartFailed: (error: unknown) => void;
}

/** How long a worker beyond the least number is kept without work. */
const idleTimeoutMs = 60_000;

/** How long a lone request may hold this thread; going to a worker and back costs about a tenth of a millisecond. */
const maxLoneInlineMs = 2;

/** How long a batch may hold this thread while others have the loop to share. */
const maxInlineMs = 0.5;

/** After a start that failed, the next one waits so long; twice as long after each further one, up to the most. */
const firstPauseMs = 100;
const longestPauseMs = 5_000;

/** After so many starts that failed in a row, what waits is told. */
const patientStarts = 3;

/**
 * Lanes that are there when they are needed: one on this thread for what is quicker than the way
 * to a worker, and workers for the rest. A worker is started when the first batch would hold the
 * thread for too long, another one when all are busy, and those without work are stopped.
 */
export class ElasticLanes implements Lanes {
  onFree: () => void = () => {};
  onStuck: (error: unknown) => void = () => {};
  readonly #options: ElasticLanesOptions;
  readonly #inline: Lane | undefined;
  #isInlineFree: boolean;
  readonly #workers = new Map<Lane, WorkerSession>();
  readonly #freeWorkers: Lane[] = [];
  #starting: Promise<void> | undefined;
  /** Starts that have failed since the last one that did not. */
  #failedStarts = 0;
  #cancelPause: (() => void) | undefined;
  #isReleased = false;
  #cancelIdleTimer: (() => void) | undefined;

  constructor(options: ElasticLanesOptions) {
    this.#options = options;
    this.#inline = options.inline && { session: options.inline, kind: "inline", memory: new Map() };
    this.#isInlineFree = this.#inline !== undefined;
    for (const worker of options.workers) this.#add(worker);
  }

  get size(): number {
    return Math.max(this.#workers.size, 1);
  }

  get freeCount(): number {
    return this.#freeWorkers.length;
  }

  /** Workers that are there. */
  get workerCount(): number {
    return this.#workers.size;
  }

  take(request: LaneRequest): Lane | undefined {
    const isQuick = request.expectedMs <= (request.isAlone ? maxLoneInlineMs : maxInlineMs);
    if (isQuick && this.#isInlineFree && !request.isSuspect) return this.#takeInline();
    for (let lane = this.#freeWorkers.pop(); lane !== undefined; lane = this.#freeWorkers.pop()) {
      if (!this.#workers.get(lane)!.isLost) return lane;
      this.#workers.delete(lane);
    }
    this.#startAnother();
    // Until the first worker is there, work goes on here.
    const mayStay = !request.isSuspect || this.#failedStarts > 0;
    return this.#workers.size === 0 && this.#isInlineFree && mayStay ? this.#takeInline() : undefined;
  }

  free(lane: Lane): void {
    if (lane === this.#inline) this.#isInlineFree = true;
    else if (this.#workers.get(lane)?.isLost === true) this.#workers.delete(lane);
    else {
      this.#freeWorkers.push(lane);
      this.#watchIdle();
    }
    this.onFree();
  }

  async release(): Promise<void> {
    this.#isReleased = true;
    this.#cancelIdleTimer?.();
    this.#cancelPause?.();
    await this.#starting;
    const workers = [...this.#workers.values()];
    this.#workers.clear();
    await Promise.all([this.#options.inline?.release(), ...workers.map((worker) => worker.stop())]);
  }

  #takeInline(): Lane | undefined {
    this.#isInlineFree = false;
    return this.#inline;
  }

  #add(worker: WorkerSession): void {
    const lane: Lane = { session: worker.session, kind: "worker", memory: new Map() };
    this.#workers.set(lane, worker);
    this.#freeWorkers.push(lane);
  }

  #startAnother(): void {
    const isEnough = this.#workers.size >= this.#options.maxWorkers;
    // A worker that could not be started is not tried again while there is another way.
    const isHopeless = this.#failedStarts > 0 && (this.#inline !== undefined || this.#workers.size > 0);
    const isUnderWay = this.#starting !== undefined || this.#cancelPause !== undefined;
    if (isEnough || isHopeless || this.#isReleased || isUnderWay) return;
    this.#starting = this.#start().finally(() => {
      this.#starting = undefined;
      this.onFree();
    });
  }

  async #start(): Promise<void> {
    try {
      const worker = await this.#options.startWorker();
      if (this.#isReleased) return await worker.stop();
      this.#failedStarts = 0;
      this.#add(worker);
    } catch (error) {
      this.#failedStarts += 1;
      if (this.#failedStarts === 1) this.#options.onStartFailed(error);
      if (this.#isReleased || this.#inline !== undefined || this.#workers.size > 0) return;
      if (this.#failedStarts >= patientStarts) this.onStuck(error);
      this.#pause();
    }
  }

  /** Lets what waits ask for a worker again after a while. */
  #pause(): void {
    const pauseMs = Math.min(firstPauseMs * 2 ** (this.#failedStarts - 1), longestPauseMs);
    this.#cancelPause = this.#options.environment.setTimer(() => {
      this.#cancelPause = undefined;
      this.onFree();
    }, pauseMs);
  }

  /** Stops, after a while, one worker that is free and more than the least number; then looks again. */
  #watchIdle(): void {
    if (this.#cancelIdleTimer !== undefined || this.#workers.size <= this.#options.minWorkers) return;
    this.#cancelIdleTimer = this.#options.environment.setTimer(() => {
      this.#cancelIdleTimer = undefined;
      const lane = this.#freeWorkers.shift();
      if (lane === undefined || this.#isReleased) return;
      const worker = this.#workers.get(lane);
      this.#workers.delete(lane);
      void worker?.stop();
      this.#watchIdle();
    }, idleTimeoutMs);
  }
}
