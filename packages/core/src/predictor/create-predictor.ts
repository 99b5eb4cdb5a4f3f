import type { LoadProgress, Backend } from "../backend/backend.ts";
import { type Environment, systemEnvironment } from "../environment.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import type { Model } from "../model/model.ts";
import { BatchScheduler } from "../scheduling/batch-scheduler.ts";
import { type BatchingOptions, type QueueOptions, resolveBatching } from "../scheduling/options.ts";
import { resolveSharing, type Sharing } from "../scheduling/sharing.ts";
import type { Execution, WorkerOptions } from "./execution.ts";
import { openLanes } from "./open-lanes.ts";
import { ModelPredictor } from "./model-predictor.ts";
import type { Predictor } from "./predictor.ts";

/** Options of {@link createPredictor}. */
export interface CreatePredictorOptions<Input, Output> {
  readonly model: Model<Input, Output>;
  /** What runs the model, such as `onnx()` of `@mlops/backend-onnx`. */
  readonly backend: Backend;
  /**
   * How requests share runs; `false` when each is to run by itself. By default they share where
   * the signature speaks for one batch dimension: the first of every input and output, varying
   * and named like one, or not at all.
   */
  readonly batching?: BatchingOptions | false | undefined;
  /** Where the model runs. Default `auto`. */
  readonly execution?: Execution | undefined;
  /** How many workers there are, where there are any. */
  readonly workers?: WorkerOptions | undefined;
  /** How many requests may wait. */
  readonly queue?: QueueOptions | undefined;
  /** Stops the loading. */
  readonly signal?: AbortSignal | undefined;
  /** Is told how far the loading has come. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  /** The clock and the timers to use, for tests. Default the host's. */
  readonly environment?: Environment | undefined;
}

/**
 * Loads a model on a backend.
 *
 * @returns A predictor that is ready. Close it when it is no more needed, or hold it with
 *   `await using`.
 * @throws ModelLoadError `MODEL_LOAD_FAILED` when the model cannot be read or its runtime refuses it.
 * @throws IntegrityError `INTEGRITY_MISMATCH` when its bytes are not the declared ones.
 * @throws MissingDependencyError `MISSING_DEPENDENCY` when the backend's runtime is not installed.
 * @throws InvalidOptionsError `INVALID_OPTIONS` when an option has a value that it cannot have, by
 *   itself or for this model.
 * @throws AbortedError `ABORTED` when `signal` was aborted.
 */
export async function createPredictor<Input, Output>(
  options: CreatePredictorOptions<Input, Output>,
): Promise<Predictor<Input, Output>> {
  const { model, backend, environment = systemEnvironment } = options;
  if (
    model?.codec !== undefined
      ? typeof model.codec.encode !== "function"
      : model?.rejectNonFinite === undefined
  ) {
    throw new InvalidOptionsError({ option: "model", problem: "has to be made by defineModel()" });
  }
  const { maxBatchSize, maxDelayMs, maxQueueSize } = resolveBatching(options.batching, options.queue);
  const { lanes, session, execution, laterWarnings } = await openLanes({ ...options, environment });
  const signature = { inputs: session.inputs, outputs: session.outputs };
  let sharing: Sharing;
  try {
    sharing = resolveSharing(options.batching, signature);
  } catch (error) {
    await lanes.release();
    throw error;
  }
  const scheduler = new BatchScheduler({
    ...sharing,
    model: model.name,
    signature,
    lanes,
    environment,
    maxBatchSize: Math.min(maxBatchSize, session.maxBatchSize),
    maxRunRows: session.maxBatchSize,
    maxDelayMs,
    maxQueueSize,
  });
  return new ModelPredictor({
    model,
    backend: backend.name,
    session,
    execution,
    optionWarnings: sharing.warnings,
    laterWarnings,
    lanes,
    scheduler,
    environment,
    manyAtOnce: Math.max(Math.floor(maxQueueSize / 2), 1),
  });
}
