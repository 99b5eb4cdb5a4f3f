import type { LoadProgress, Backend } from "../backend/backend.ts";
import { type Environment, systemEnvironment } from "../environment.ts";
import type { CoreBudget } from "../lifecycle/core-budget.ts";
import type { Model } from "../model/model.ts";
import type { BatchingOptions, QueueOptions } from "../scheduling/options.ts";
import type { Execution, WorkerOptions } from "./execution.ts";
import { watchForLeak } from "./leak.ts";
import { ModelPredictor } from "./model-predictor.ts";
import { openEngine } from "./open-engine.ts";
import type { Predictor } from "./predictor.ts";
import type { WarmupOptions } from "./warm-up.ts";

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
  /**
   * What every session of the model is run with before the first request, workers that come later
   * included: a model that cannot run is found while it is loaded, and nobody's request pays for
   * what a runtime does in its first run.
   *
   * `true` is one row of zeros and, where requests share runs, a full batch of them; `inputs` are
   * real ones; `false` is nothing. A failure fails the creation. By default one row of zeros is
   * tried, where the signature tells its shape; if it fails, that is a warning in `info.warnings`.
   */
  readonly warmup?: boolean | WarmupOptions<Input> | undefined;
  /** The cores that this model shares with others, made by `createCoreBudget`. Default none: its runs do not wait for other models'. */
  readonly cores?: CoreBudget | undefined;
  /** Its share of `cores` against other models that wait, above 0. Default 1. */
  readonly weight?: number | undefined;
  /** Stops the loading. */
  readonly signal?: AbortSignal | undefined;
  /** Is told how far the loading has come. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  /** The clock and the timers to use, for tests. Default the host's. */
  readonly environment?: Environment | undefined;
}

/**
 * Loads a model on a backend and runs it for a first time.
 *
 * @returns A predictor that is ready. Close it when it is no more needed, or hold it with
 *   `await using`. One that is forgotten is freed when it is collected, and a warning says so.
 * @throws ModelLoadError `MODEL_LOAD_FAILED` when the model cannot be read, its runtime refuses it, or its warm-up fails.
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
  const engine = await openEngine({ ...options, environment });
  const leak = watchForLeak(environment, model.name, async () => {
    await engine.scheduler.drain();
    await engine.lanes.release();
  });
  const predictor = new ModelPredictor({
    ...engine,
    model,
    backend: backend.name,
    environment,
    release() {
      leak.forget();
      return engine.lanes.release();
    },
  });
  leak.watch(predictor);
  return predictor;
}
