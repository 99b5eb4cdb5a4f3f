import { type Environment, systemEnvironment } from "../environment.ts";
import { ClosedError } from "../errors/closed-error.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import type { CreatePredictorOptions } from "../predictor/create-predictor.ts";
import type { Predictor } from "../predictor/predictor.ts";
import { checkModel, openEngine } from "../predictor/open-engine.ts";
import { ModelPredictor } from "../predictor/model-predictor.ts";
import { resolveBatching } from "../scheduling/options.ts";
import { type CoreBudget, createCoreBudget } from "./core-budget.ts";
import { MemoryBudget } from "./memory-budget.ts";
import { type JoinOptions, ResidentModel } from "./resident-model.ts";
import { sharingKey } from "./sharing-key.ts";
import { type OpenVersion, StoredPredictor, type StoredPredictorOf } from "./stored-predictor.ts";

/** Options of {@link createModelStore}. */
export interface ModelStoreOptions {
  /**
   * The most bytes that all models together may take: what their sessions tell, or else the size
   * of the files that were read for each. Default no limit.
   */
  readonly memoryBudgetBytes?: number | undefined;
  /** Milliseconds without requests after which a model is unloaded. Default never. */
  readonly idleTimeoutMs?: number | undefined;
  /**
   * The cores that the models share: how many, or a budget that is shared with others. Default
   * those that this process may use.
   */
  readonly cores?: number | CoreBudget | undefined;
  /** The clock and the timers to use, for tests. Default the host's. */
  readonly environment?: Environment | undefined;
}

/** What {@link ModelStore.open} takes: what `createPredictor` does, but for what the store decides. */
export type OpenModelOptions<Input, Output> = Omit<
  CreatePredictorOptions<Input, Output>,
  "cores" | "environment"
>;

/** A model in a store. */
export interface StoredModel {
  readonly model: string;
  readonly version: string;
  readonly state: "unloaded" | "loading" | "loaded" | "unloading";
  /** Bytes that are accounted to it, 0 while it is unloaded. */
  readonly bytes: number;
  /** Predictors that hold it. */
  readonly predictors: number;
  /** Requests that wait to run, or for the model. */
  readonly queued: number;
  /** Requests that are running. */
  readonly running: number;
}

/** The models of one process, which share its memory and its cores: {@link createModelStore}. */
export interface ModelStore extends AsyncDisposable {
  /**
   * Loads a model, or joins those who have loaded it: the same model, on the same backend, with
   * equal options, is there once. Aborting `signal` gives up this call only. What has failed is
   * not kept: the next call tries again.
   *
   * @returns A predictor that is ready. Close it; the last one of a model that is closed frees it.
   * @throws MemoryBudgetError `MEMORY_BUDGET_EXCEEDED` when the model does not fit into the budget.
   * @throws ClosedError `CLOSED` when the store is closed.
   * @throws What `createPredictor` throws.
   */
  open<Input, Output>(options: OpenModelOptions<Input, Output>): Promise<StoredPredictorOf<Input, Output>>;
  /** What is in it, in the order in which it came. */
  models(): readonly StoredModel[];
  /** Bytes that all models take. */
  readonly usedBytes: number;
  /** Closes every predictor, and opens no more. A second call waits for the first. */
  close(): Promise<void>;
}

/**
 * Makes a store of models: each is loaded once however many open it, goes when nobody asks it or
 * others need its room, and comes back when it is asked. Nothing is global: two stores know
 * nothing of each other.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` when an option has a value that it cannot have.
 *
 * @example
 * ```ts no-run
 * const models = createModelStore({ memoryBudgetBytes: 2e9, idleTimeoutMs: 600_000 });
 * await using predictor = await models.open({ model, backend: onnx() });
 * ```
 */
export function createModelStore(options: ModelStoreOptions = {}): ModelStore {
  return new ResidentModelStore(options);
}

class ResidentModelStore implements ModelStore {
  readonly #memory: MemoryBudget;
  readonly #idleTimeoutMs: number;
  readonly #cores: CoreBudget;
  readonly #environment: Environment;
  readonly #residents = new Map<string, ResidentModel>();
  readonly #keyOf = sharingKey();
  /** Weak, so that one which is forgotten is noticed. */
  readonly #predictors = new Set<WeakRef<Pick<Predictor, "close">>>();
  #closing: Promise<void> | undefined;

  constructor({ memoryBudgetBytes, idleTimeoutMs = Infinity, cores, environment }: ModelStoreOptions) {
    if (!(idleTimeoutMs > 0)) {
      throw new InvalidOptionsError({
        option: "idleTimeoutMs",
        problem: `is ${String(idleTimeoutMs)}; it has to be a number of milliseconds above 0`,
      });
    }
    this.#memory = new MemoryBudget(memoryBudgetBytes);
    this.#idleTimeoutMs = idleTimeoutMs;
    this.#cores = typeof cores === "object" ? cores : createCoreBudget({ cores });
    this.#environment = environment ?? systemEnvironment;
  }

  get usedBytes(): number {
    return this.#memory.usedBytes;
  }

  async open<Input, Output>(
    options: OpenModelOptions<Input, Output>,
  ): Promise<StoredPredictor<Input, Output>> {
    const version = await this.#openVersion(options, {});
    const predictor = new StoredPredictor<Input, Output>({
      version,
      environment: this.#environment,
      openNext: (next, join) => this.#openVersion(next, join),
      onClosed: () => void this.#predictors.delete(reference),
    });
    const reference = new WeakRef<Pick<Predictor, "close">>(predictor);
    this.#predictors.add(reference);
    if (this.#closing !== undefined) {
      await predictor.close();
      throw new ClosedError({ model: options.model.name });
    }
    return predictor;
  }

  models(): readonly StoredModel[] {
    return Array.from(this.#residents.values(), (resident) => ({
      model: resident.model,
      version: resident.version,
      state: resident.state,
      bytes: resident.bytes,
      predictors: resident.references,
      queued: resident.queued,
      running: resident.running,
    }));
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #closeAll(): Promise<void> {
    const predictors = Array.from(this.#predictors, (reference) => reference.deref());
    const results = await Promise.allSettled(predictors.map(async (predictor) => predictor?.close()));
    for (const result of results) if (result.status === "rejected") throw result.reason;
  }

  async #openVersion<Input, Output>(
    options: OpenModelOptions<Input, Output>,
    { signal = options.signal, onProgress = options.onProgress, replaces }: JoinOptions,
  ): Promise<OpenVersion<Input, Output>> {
    const { model, backend } = options;
    checkModel(model);
    if (this.#closing !== undefined) throw new ClosedError({ model: model.name });
    const key = this.#keyOf(options);
    const resident = this.#residents.get(key) ?? this.#add(key, options);
    const engine = await resident.acquire({ signal, onProgress, replaces });
    const predictor = new ModelPredictor<Input, Output>({
      ...engine,
      model,
      backend: backend.name,
      scheduler: resident,
      environment: this.#environment,
      release: () => resident.release(),
    });
    return { predictor, resident };
  }

  #add<Input, Output>(key: string, options: OpenModelOptions<Input, Output>): ResidentModel {
    const { signal: _signal, onProgress: _onProgress, ...shared } = options;
    const resident: ResidentModel = new ResidentModel({
      model: options.model,
      openEngine: (asked) =>
        openEngine({ ...shared, ...asked, cores: this.#cores, environment: this.#environment }),
      maxQueueSize: resolveBatching(options.batching, options.queue).maxQueueSize,
      environment: this.#environment,
      memory: this.#memory,
      idleTimeoutMs: this.#idleTimeoutMs,
      onGone: () => {
        if (this.#residents.get(key) === resident) this.#residents.delete(key);
      },
    });
    this.#residents.set(key, resident);
    return resident;
  }
}
