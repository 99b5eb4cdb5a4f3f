import type { Environment } from "../environment.ts";
import { AbortedError } from "../errors/aborted-error.ts";
import { ClosedError } from "../errors/closed-error.ts";
import { PartialFailureError } from "../errors/partial-failure-error.ts";
import { type LeakWatch, watchForLeak } from "../predictor/leak.ts";
import type { ModelPredictor } from "../predictor/model-predictor.ts";
import type { Observer } from "../predictor/prediction-event.ts";
import type {
  PredictOptions,
  Predictor,
  PredictorHealth,
  PredictorInfo,
  TensorPredictOptions,
} from "../predictor/predictor.ts";
import { settleAll } from "../predictor/settle-all.ts";
import type { TensorMap } from "../tensor/tensor.ts";
import type { OpenModelOptions } from "./model-store.ts";
import type { JoinOptions, ResidentModel } from "./resident-model.ts";

/**
 * A predictor of a store. Its model may be away for a while, and is loaded when a request comes;
 * the request waits, within its deadline.
 */
export interface StoredPredictorOf<Input, Output> extends Predictor<Input, Output>, Disposable {
  /**
   * Goes over to another version: loads and warms it up beside the old one, sends it every request
   * from then on, and lets the old one finish what it has. If it cannot be loaded, nothing has
   * changed. Of several calls each waits for the one before.
   *
   * It is this predictor alone that goes over; others that hold the old version keep it.
   *
   * @throws What opening the new version throws. The old one goes on, untouched.
   * @throws ClosedError `CLOSED` when this predictor is closed.
   */
  reload(options: OpenModelOptions<Input, Output>): Promise<void>;
  predictTensors(tensors: TensorMap, options?: TensorPredictOptions): Promise<TensorMap>;
}

/** One version that a predictor holds. */
export interface OpenVersion<Input, Output> {
  readonly predictor: ModelPredictor<Input, Output>;
  readonly resident: ResidentModel;
}

/** What a {@link StoredPredictor} is made of. */
export interface StoredPredictorParts<Input, Output> {
  readonly version: OpenVersion<Input, Output>;
  readonly environment: Environment;
  /** Opens the version to go over to. */
  readonly openNext: (
    options: OpenModelOptions<Input, Output>,
    join: JoinOptions,
  ) => Promise<OpenVersion<Input, Output>>;
  readonly onClosed: () => void;
}

/** One who holds a model of a store, and may go over to another version of it. */
export class StoredPredictor<Input, Output> implements StoredPredictorOf<Input, Output> {
  readonly #parts: StoredPredictorParts<Input, Output>;
  /** In an object of its own, which outlives a predictor that is forgotten. */
  readonly #held: { version: OpenVersion<Input, Output> };
  readonly #leak: LeakWatch;
  readonly #observers = new Set<Observed<Input, Output>>();
  /** Of versions that are gone. */
  #earlierObserverErrors = 0;
  #lastReload: Promise<void> = Promise.resolve();
  readonly #closeController = new AbortController();
  #closing: Promise<void> | undefined;

  constructor(parts: StoredPredictorParts<Input, Output>) {
    const held = { version: parts.version };
    this.#parts = parts;
    this.#held = held;
    this.#leak = watchHeld(parts, held);
    this.#leak.watch(this);
  }

  get info(): PredictorInfo {
    return this.#current.info;
  }

  predict(input: Input, options?: PredictOptions): Promise<Output> {
    return this.#current.predict(input, options);
  }

  async predictMany(inputs: readonly Input[], options?: PredictOptions): Promise<Output[]> {
    // Each by itself: the version may change on the way.
    const results = await settleAll(inputs, this.#current.manyAtOnce, (input) =>
      this.predict(input, options),
    );
    return results.map((result) => {
      if (result.status === "rejected") throw new PartialFailureError({ results });
      return result.value;
    });
  }

  predictTensors(tensors: TensorMap, options?: TensorPredictOptions): Promise<TensorMap> {
    return this.#current.predictTensors(tensors, options);
  }

  observe(observer: Observer<Input, Output>): () => void {
    const observed: Observed<Input, Output> = { observer, ends: [this.#current.observe(observer)] };
    this.#observers.add(observed);
    return () => {
      this.#observers.delete(observed);
      for (const end of observed.ends) end();
    };
  }

  health(): PredictorHealth {
    const health = this.#current.health();
    return { ...health, observerErrors: health.observerErrors + this.#earlierObserverErrors };
  }

  reload(options: OpenModelOptions<Input, Output>): Promise<void> {
    const reload = this.#lastReload.then(() => this.#reload(options));
    this.#lastReload = reload.catch(() => {});
    return reload;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Begins to close. What goes wrong then goes to the environment's `warn`. */
  [Symbol.dispose](): void {
    this.close().catch((error: unknown) => this.#warn("closed", error));
  }

  get #current(): ModelPredictor<Input, Output> {
    return this.#held.version.predictor;
  }

  async #reload(options: OpenModelOptions<Input, Output>): Promise<void> {
    const closed = this.#closeController.signal;
    const { resident: replaces } = this.#held.version;
    const signal = options.signal === undefined ? closed : AbortSignal.any([options.signal, closed]);
    let next: OpenVersion<Input, Output>;
    try {
      if (closed.aborted) throw new AbortedError({ stage: "loading" });
      next = await this.#parts.openNext(options, { signal, replaces });
    } catch (cause) {
      if (closed.aborted) throw new ClosedError({ model: this.info.model, cause });
      throw cause;
    }
    const { predictor: old } = this.#held.version;
    this.#held.version = next;
    for (const observed of this.#observers) observed.ends.push(next.predictor.observe(observed.observer));
    try {
      await old.close();
    } catch (error) {
      // The new version is there all the same.
      this.#warn("freed", error);
    }
    this.#earlierObserverErrors += old.health().observerErrors;
    for (const observed of this.#observers) observed.ends.shift();
  }

  async #close(): Promise<void> {
    this.#closeController.abort();
    await this.#lastReload;
    this.#leak.forget();
    this.#parts.onClosed();
    await this.#current.close();
  }

  #warn(what: string, error: unknown): void {
    const { model, version } = this.info;
    const message = `The model ${JSON.stringify(model)} ${version} could not be ${what}: ${String(error)}`;
    this.#parts.environment.warn?.({ type: "other", message });
  }
}

interface Observed<Input, Output> {
  readonly observer: Observer<Input, Output>;
  /** What ends the observation of each version that is still there, oldest first. */
  readonly ends: (() => void)[];
}

/** Apart from the predictor, because what watches it must not hold it. */
function watchHeld<Input, Output>(
  { environment, onClosed }: StoredPredictorParts<Input, Output>,
  held: { readonly version: OpenVersion<Input, Output> },
): LeakWatch {
  return watchForLeak(environment, held.version.predictor.info.model, () => {
    onClosed();
    return held.version.predictor.close();
  });
}
