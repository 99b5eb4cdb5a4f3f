import type { MlopsError } from "../errors/mlops-error.ts";
import type { TensorMap } from "../tensor/tensor.ts";

/**
 * Is told of each request after its caller has the answer. What it gives back counts for nothing but
 * when it is a promise: then the observer is busy with the event until that has settled.
 */
export type Observer<Input, Output> = (event: PredictionEvent<Input, Output>) => unknown;

/** One request and how it ended. */
export type PredictionEvent<Input = unknown, Output = unknown> =
  | PredictionSucceeded<Input, Output>
  | PredictionFailed<Input>;

interface PredictionEventBase<Input> {
  readonly model: string;
  readonly version: string;
  /** The `key` of the request's options. */
  readonly key: string | undefined;
  /** When the request came, in milliseconds since the Unix epoch. */
  readonly startedAt: number;
  /** Milliseconds from the request to its answer. */
  readonly totalMs: number;
  /** Milliseconds that it waited to run; 0 when it did not come that far, `undefined` where nothing queues: in a composition. */
  readonly queueMs: number | undefined;
  /** Milliseconds of the run that it was in; 0 when it did not come that far. A composition's is all of `totalMs`. */
  readonly runMs: number;
  /** The rows of the request; 0 when it was refused before they were known. */
  readonly rows: number;
  /** The rows of the whole batch that it ran in; 0 when it did not come that far, `undefined` where there are no batches: in a composition. */
  readonly batchRows: number | undefined;
  /** The typed input; `undefined` when the request came as tensors. */
  readonly input: Input | undefined;
  /** The tensors of the request; `undefined` when it was refused before there were any. */
  readonly inputTensors: TensorMap | undefined;
}

/** A request that had a result. */
export interface PredictionSucceeded<Input = unknown, Output = unknown> extends PredictionEventBase<Input> {
  readonly outcome: "success";
  /** The typed output; `undefined` when the request came as tensors. */
  readonly output: Output | undefined;
  /** All that the model gave. */
  readonly outputTensors: TensorMap | undefined;
}

/** A request that had an error. */
export interface PredictionFailed<Input = unknown> extends PredictionEventBase<Input> {
  readonly outcome: "failure";
  readonly error: MlopsError;
}
