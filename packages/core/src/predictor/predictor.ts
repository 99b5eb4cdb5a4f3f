import type { ModelCard } from "../model/model-card.ts";
import type { Priority } from "../scheduling/priority.ts";
import type { TensorMap } from "../tensor/tensor.ts";
import type { Signature } from "../tensor/tensor-info.ts";
import type { Warning } from "../warning.ts";
import type { Execution } from "./execution.ts";
import type { ObserverHealth } from "./observer-account.ts";
import type { ObserveOptions } from "./observer-options.ts";
import type { Observer } from "./prediction-event.ts";

/**
 * Something that answers: a model on a backend, or a composition of such.
 *
 * Every request ends in exactly one of a result of its own or a typed error
 * ({@link MlopsError}), also while the predictor is being closed.
 */
export interface Predictor<Input = TensorMap, Output = TensorMap> extends AsyncDisposable {
  /** What stands behind it. */
  readonly info: PredictorInfo;

  /**
   * Predicts for one input. The input must not change before the promise settles.
   *
   * @throws InvalidInputError `INVALID_INPUT` when the input is not what the model takes.
   * @throws DeadlineExceededError `DEADLINE_EXCEEDED` when `deadline` passed.
   * @throws OverloadedError `OVERLOADED` when the queue is full, or the deadline would pass before its turn.
   * @throws AbortedError `ABORTED` when `signal` was aborted.
   * @throws ClosedError `CLOSED` after {@link Predictor.close}.
   * @throws BackendError `BACKEND_FAILED` when the runtime failed.
   */
  predict(input: Input, options?: PredictOptions): Promise<Output>;

  /**
   * Predicts for each input, and gives the results in the same order. None for no inputs.
   *
   * @throws PartialFailureError `PARTIAL_FAILURE` when at least one input failed. The outcome of
   *   every input, those that succeeded too, is in its `results`.
   */
  predictMany(inputs: readonly Input[], options?: PredictOptions): Promise<Output[]>;

  /**
   * Calls `observer` after each request, once its caller has the answer, request by request. One
   * that throws or rejects fails nobody else; `health().observers` counts it.
   *
   * It runs on the caller's thread, and gets about 10 ms of each turn of the event loop; what is left
   * over waits. An asynchronous one may be called again before its last promise has settled. Once
   * `maxPending` events are on its hands, those that come are dropped for it, and counted.
   * `close()` tells it of everything, and does not wait for its promises.
   *
   * @returns What ends the observation.
   * @throws InvalidOptionsError `INVALID_OPTIONS` for an option that it cannot have.
   */
  observe(observer: Observer<Input, Output>, options?: ObserveOptions): () => void;

  /** How it is, now. */
  health(): PredictorHealth;

  /**
   * Takes no more requests, waits for those it has taken, and frees the model. A second call
   * waits for the first.
   */
  close(): Promise<void>;

  /**
   * Predicts in the model's own tensors, past its input schema and through the same queue: what
   * a protocol that speaks in tensors needs. Absent where no single model stands behind the
   * predictor.
   *
   * @throws What `predict` throws, and TensorNameError `TENSOR_NAME_MISMATCH`, DTypeMismatchError
   *   `DTYPE_MISMATCH`, ShapeMismatchError `SHAPE_MISMATCH`, EmptyBatchError `EMPTY_BATCH` or
   *   InvalidTensorError `INVALID_TENSOR` when the tensors do not fit `info.signature`.
   */
  predictTensors?(tensors: TensorMap, options?: TensorPredictOptions): Promise<TensorMap>;
}

/** Options of one request. */
export interface PredictOptions {
  /**
   * Gives the request up. One that waits leaves the queue; a model that is running runs on, and
   * its result is dropped.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * When the result is of no more use, in milliseconds since the Unix epoch:
   * `Date.now() + 200`. It bounds waiting and running. Default none.
   */
  readonly deadline?: number | undefined;
  /** How urgent it is, against others of the same model. Whoever has waited for long goes first all the same. Default `normal`. */
  readonly priority?: Priority | undefined;
  /** Who or what the request is for; observers see it, and routing sticks to it. */
  readonly key?: string | undefined;
}

/** Options of one request in tensors. */
export interface TensorPredictOptions extends PredictOptions {
  /** The names of the outputs to compute. Default all. */
  readonly outputs?: readonly string[] | undefined;
}

/** What stands behind a predictor. */
export interface PredictorInfo {
  readonly model: string;
  readonly version: string;
  /** The name of the backend. */
  readonly backend: string;
  /** Where the model runs, such as `cpu`. */
  readonly device: string;
  /** Whether the model runs on the caller's thread, in workers, or in both; `undefined` where no single model stands behind. */
  readonly execution?: Execution | undefined;
  /** What the model takes and gives, as tensors; `undefined` where that is not known: of functions, and of members that differ. */
  readonly signature?: Signature | undefined;
  /** The names of the classes, by output index. */
  readonly labels?: readonly string[] | undefined;
  readonly card?: ModelCard | undefined;
  /** What stands behind each predictor that it is made of, in their order; `undefined` for what is a single one. */
  readonly members?: readonly PredictorInfo[] | undefined;
  /** What is not as it was asked for, though it works. */
  readonly warnings: readonly Warning[];
}

/** How a predictor is. */
export interface PredictorHealth {
  /** `ready` takes requests; `closing` finishes those it has; `closed` has freed its model. */
  readonly status: "ready" | "closing" | "closed";
  /** Requests that wait to run. */
  readonly queued: number;
  /** Requests that are running. */
  readonly running: number;
  /** How often an observer threw or rejected, those that have ended their observation too. */
  readonly observerErrors: number;
  /**
   * How the observers fare, by name, in the order in which they came: at most 32 names, and `other`
   * for the rest. `undefined` where that is not known.
   */
  readonly observers?: readonly ObserverHealth[] | undefined;
}
