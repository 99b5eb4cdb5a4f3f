import type { LoadOptions } from "../backend/backend.ts";
import { SharedRun } from "../composition/shared-run.ts";
import type { Environment } from "../environment.ts";
import { AbortedError } from "../errors/aborted-error.ts";
import { ClosedError } from "../errors/closed-error.ts";
import { ModelLoadError } from "../errors/model-load-error.ts";
import { OverloadedError } from "../errors/overloaded-error.ts";
import type { Model } from "../model/model.ts";
import type { Engine, EngineOptions } from "../predictor/open-engine.ts";
import type { ScheduledRequest, ScheduledResult, Scheduler } from "../scheduling/scheduler.ts";
import { MemoryAccount } from "./memory-account.ts";
import type { MemoryBudget, MemoryUser } from "./memory-budget.ts";
import { waitFor } from "./wait-for.ts";

/** What a {@link ResidentModel} is made of. */
export interface ResidentModelOptions {
  readonly model: Pick<Model, "name" | "version">;
  /** Loads the model, each time. */
  readonly openEngine: (options: ResidentEngineOptions) => Promise<Engine>;
  /** The most rows that wait. */
  readonly maxQueueSize: number;
  readonly environment: Environment;
  readonly memory: MemoryBudget;
  /** Milliseconds without requests after which it is unloaded; `Infinity` for never. */
  readonly idleTimeoutMs: number;
  /** Called when it is of no use to anybody any more: nobody holds it, or it could not be loaded at first. */
  readonly onGone: () => void;
}

/** What a {@link ResidentModel} has to say when it is loaded. */
type ResidentEngineOptions = Pick<
  EngineOptions<never>,
  "signal" | "onProgress" | "claimMemory" | "onRunEnded"
>;

/** How somebody waits for a model to be loaded. */
export interface JoinOptions extends Pick<LoadOptions, "signal" | "onProgress"> {
  /** The model that this one replaces, which must stay until this one is there. */
  readonly replaces?: ResidentModel | undefined;
}

/**
 * A model that is loaded when it is needed and may go when it is not: one for all who have opened
 * it. Requests go through it as through a scheduler; those that come while it is away wait for it.
 */
export class ResidentModel implements Scheduler, MemoryUser {
  readonly #options: ResidentModelOptions;
  readonly #account: MemoryAccount;
  #references = 0;
  #engine: Engine | undefined;
  #loading: SharedRun<Engine> | undefined;
  /** Settles when the last load has, also one that was abandoned. */
  #opening: Promise<unknown> = Promise.resolve();
  #unloading: Promise<void> | undefined;
  #replaces: ResidentModel | undefined;
  readonly #progressListeners = new Set<NonNullable<LoadOptions["onProgress"]>>();
  #waitingRequests = 0;
  #waitingRows = 0;
  #lastUsedAt = 0;
  #cancelIdleTimer: (() => void) | undefined;
  /** What the model took and how long that took, when it was last loaded. */
  #lastLoad: { readonly bytes: number; readonly ms: number; readonly signature: string } | undefined;

  constructor(options: ResidentModelOptions) {
    this.#options = options;
    this.#account = new MemoryAccount(options.memory, this);
    options.memory.add(this);
  }

  get model(): string {
    return this.#options.model.name;
  }

  get version(): string {
    return this.#options.model.version;
  }

  get state(): "unloaded" | "loading" | "loaded" | "unloading" {
    if (this.#engine !== undefined) return "loaded";
    if (this.#unloading !== undefined) return "unloading";
    return this.#loading === undefined ? "unloaded" : "loading";
  }

  /** How many hold it. */
  get references(): number {
    return this.#references;
  }

  get bytes(): number {
    return this.#account.bytes;
  }

  get lastUsedAt(): number {
    return this.#lastUsedAt;
  }

  get isBusy(): boolean {
    return this.queued > 0 || this.running > 0 || this.#account.isGrowing;
  }

  get queued(): number {
    return this.#waitingRequests + (this.#engine?.scheduler.queued ?? 0);
  }

  get running(): number {
    return this.#engine?.scheduler.running ?? 0;
  }

  /**
   * Holds the model, which is loaded then. Whoever holds it lets go of it by `release`.
   *
   * @throws What the loading throws. Nothing is held then.
   */
  async acquire(options: JoinOptions): Promise<Engine> {
    this.#references += 1;
    try {
      return await this.#load(options);
    } catch (error) {
      // The caller need not wait until all is tidied up; a load that nobody waits for frees what it made.
      this.release().catch(() => {});
      throw error;
    }
  }

  /** Lets go of the model. The last one who does waits for what is under way, and frees it. */
  async release(): Promise<void> {
    this.#references -= 1;
    if (this.#references > 0) return;
    const { memory, onGone } = this.#options;
    onGone();
    // One that is still being loaded is loaded for somebody who has given up.
    await this.#opening;
    try {
      await this.unload();
    } finally {
      memory.remove(this);
    }
  }

  submit(request: ScheduledRequest): Promise<ScheduledResult> {
    if (this.#engine !== undefined) return this.#engine.scheduler.submit(request);
    return this.#submitLater(request);
  }

  /** Of the last one who holds it. Others have requests of their own that nobody else waits for. */
  async drain(): Promise<void> {
    if (this.#references <= 1) await this.#engine?.scheduler.drain();
  }

  unload(): Promise<void> {
    if (this.#engine === undefined) return this.#unloading ?? Promise.resolve();
    const engine = this.#engine;
    this.#engine = undefined;
    this.#cancelIdleTimer?.();
    this.#cancelIdleTimer = undefined;
    this.#unloading = this.#free(engine).finally(() => {
      this.#unloading = undefined;
    });
    return this.#unloading;
  }

  async #free({ scheduler, lanes }: Engine): Promise<void> {
    await scheduler.drain();
    try {
      await lanes.release();
    } finally {
      this.#account.releaseAll();
    }
  }

  /** Waits until the model is there, as others may, and queues the request as any other. */
  async #submitLater(request: ScheduledRequest): Promise<ScheduledResult> {
    const { environment, maxQueueSize } = this.#options;
    const submittedAt = environment.now();
    const { rows, signal, deadline } = request;
    // A request of more rows than the queue holds is taken when nothing else waits.
    if (this.#waitingRows > 0 && this.#waitingRows + rows > maxQueueSize) {
      const retryAfterMs = this.#lastLoad?.ms ?? 0;
      throw new OverloadedError({ model: this.model, reason: "queue-full", retryAfterMs });
    }
    this.#waitingRequests += 1;
    this.#waitingRows += rows;
    try {
      // It may have gone again before this request's turn comes.
      while (this.#engine === undefined) {
        if (this.#references === 0) throw new ClosedError({ model: this.model });
        await waitFor(() => this.#load({}), { signal, deadline }, environment);
      }
    } finally {
      this.#waitingRequests -= 1;
      this.#waitingRows -= rows;
    }
    const waitedMs = environment.now() - submittedAt;
    const result = await this.#engine.scheduler.submit(request);
    return { ...result, queueMs: result.queueMs + waitedMs };
  }

  /** Joins the load that is under way, or begins one. A failed one is forgotten. */
  async #load({ signal, onProgress, replaces }: JoinOptions): Promise<Engine> {
    if (signal?.aborted) throw new AbortedError({ stage: "loading", cause: signal.reason });
    if (this.#engine !== undefined) return this.#engine;
    if (onProgress !== undefined) this.#progressListeners.add(onProgress);
    try {
      if (this.#loading === undefined) {
        this.#replaces = replaces;
        const forget = (): void => {
          if (this.#loading === loading) this.#loading = undefined;
        };
        const before = this.#opening;
        const open = async (stop: AbortSignal): Promise<Engine> => {
          await before;
          return this.#open(stop);
        };
        const loading: SharedRun<Engine> = new SharedRun(open, forget, "loading");
        this.#loading = loading;
        this.#opening = loading.outcome.then(forget, forget);
      }
      return await this.#loading.join(signal);
    } finally {
      if (onProgress !== undefined) this.#progressListeners.delete(onProgress);
    }
  }

  async #open(signal: AbortSignal): Promise<Engine> {
    const { environment, openEngine, idleTimeoutMs } = this.#options;
    await this.#unloading?.catch(() => {});
    const open = async (): Promise<Engine> => {
      if (signal.aborted) throw new AbortedError({ stage: "loading", cause: signal.reason });
      return openEngine({
        signal,
        onProgress: (progress) => {
          for (const listener of this.#progressListeners) listener(progress);
        },
        claimMemory: () => this.#account.claim(),
        onRunEnded: this.#onRunEnded,
      });
    };
    const startedAt = environment.now();
    let engine: Engine;
    try {
      engine = await this.#account.load(this.#lastLoad?.bytes ?? 0, this.#replaces, open);
    } catch (error) {
      this.#account.releaseAll();
      throw error;
    }
    try {
      if (signal.aborted) throw new AbortedError({ stage: "loading", cause: signal.reason });
      this.#remember(engine, environment.now() - startedAt);
    } catch (error) {
      await this.#free(engine);
      throw error;
    }
    this.#engine = engine;
    this.#lastUsedAt = environment.now();
    if (idleTimeoutMs < Infinity) this.#watchIdle(idleTimeoutMs);
    return engine;
  }

  #remember({ session }: Engine, ms: number): void {
    const signature = JSON.stringify([session.inputs, session.outputs]);
    if (this.#lastLoad !== undefined && this.#lastLoad.signature !== signature) {
      throw new ModelLoadError({
        location: this.model,
        problem: "its file is another one than when it was opened, with other inputs or outputs; reload() it",
      });
    }
    this.#lastLoad = { bytes: this.bytes, ms, signature };
  }

  /** Looks after so many milliseconds whether there was no request for that long. */
  #watchIdle(afterMs: number): void {
    const { environment, idleTimeoutMs } = this.#options;
    this.#cancelIdleTimer = environment.setTimer(() => {
      const idleMs = this.isBusy ? 0 : environment.now() - this.#lastUsedAt;
      if (idleMs < idleTimeoutMs) return this.#watchIdle(idleTimeoutMs - idleMs);
      // Who asks for it next hears of what stands in the way.
      this.unload().catch(() => {});
    }, afterMs);
  }

  readonly #onRunEnded = (): void => {
    this.#lastUsedAt = this.#options.environment.now();
  };
}
