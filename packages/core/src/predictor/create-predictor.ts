import type { LoadProgress, Backend } from "../backend/backend.ts";
import { type Environment, systemEnvironment } from "../environment.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import type { Model } from "../model/model.ts";
import { FifoScheduler } from "./fifo-scheduler.ts";
import { loadSession } from "./load-session.ts";
import { ModelPredictor } from "./model-predictor.ts";
import type { Predictor } from "./predictor.ts";

/** Options of {@link createPredictor}. */
export interface CreatePredictorOptions<Input, Output> {
  readonly model: Model<Input, Output>;
  /** What runs the model, such as `onnx()` of `@mlops/backend-onnx`. */
  readonly backend: Backend;
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
 * @throws AbortedError `ABORTED` when `signal` was aborted.
 */
export async function createPredictor<Input, Output>(
  options: CreatePredictorOptions<Input, Output>,
): Promise<Predictor<Input, Output>> {
  const { model, backend, environment = systemEnvironment } = options;
  if (typeof model?.codec?.encode !== "function") {
    throw new InvalidOptionsError({ option: "model", problem: "has to be made by defineModel()" });
  }
  const session = await loadSession(model, backend, options);
  const scheduler = new FifoScheduler(session, environment);
  return new ModelPredictor({ model, backend: backend.name, session, scheduler, environment });
}
