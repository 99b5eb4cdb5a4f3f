import {
  type Backend,
  createPredictor,
  type CreatePredictorOptions,
  defineModel,
  InvalidOptionsError,
  type Predictor,
  type TensorMap,
  UnsupportedError,
} from "@mlops/core";

import type { TfjsDevice } from "./device.ts";
import { Engine } from "./engine/engine.ts";
import { wrapLayersModel } from "./model/layers-model.ts";
import type { TfjsEngine, TfjsLayersModel, TfjsTensor } from "./runtime.ts";
import { TfjsSession } from "./session.ts";

/** Options of {@link fromLayersModel}. */
export interface FromLayersModelOptions extends Pick<
  CreatePredictorOptions<TensorMap, TensorMap>,
  "batching" | "queue" | "warmup" | "cores" | "weight" | "environment"
> {
  /** The name of the model. Default `layers-model`. */
  readonly name?: string | undefined;
  /** Its version. Default `0.0.0`. */
  readonly version?: string | undefined;
}

/**
 * Makes a predictor of a layers model in memory, such as one that was just trained. It runs on the
 * current backend of TensorFlow.js and on the caller's thread, and batches as any other.
 *
 * The model stays the caller's: the predictor follows its weights when it is trained on, and
 * closing the predictor does not dispose of it.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` when it is no layers model.
 * @throws UnsupportedError `UNSUPPORTED` when no backend of TensorFlow.js is ready: `await tf.ready()` makes one so;
 *   or when a layer is stateful, or one that the current backend would compute wrongly.
 *
 * @example
 * ```ts no-run
 * await model.fit(xs, ys);
 * await using predictor = await fromLayersModel(model);
 * ```
 */
export async function fromLayersModel(
  model: TfjsLayersModel,
  { name = "layers-model", version = "0.0.0", ...options }: FromLayersModelOptions = {},
): Promise<Predictor<TensorMap, TensorMap>> {
  if (typeof model?.predictOnBatch !== "function" || !Array.isArray(model.inputs)) {
    const problem = "is no layers model with inputs; one that was not built yet has none";
    throw new InvalidOptionsError({ option: "model", problem });
  }
  const engine = currentEngine();
  const loaded = { ...wrapLayersModel(engine, model, name), dispose() {} };
  const backend: Backend = {
    specificationVersion: "v1",
    name: "tfjs",
    load: async () => new TfjsSession({ engine, model: loaded, warnings: [], memoryBytes: 0 }),
  };
  // The backend has the model; nothing is read.
  const definition = defineModel({ name, version, artifact: new Uint8Array() });
  return createPredictor({ ...options, model: definition, backend, execution: "inline" });
}

/** The engine that a model in memory is in, on the backend that it would run on by itself. */
function currentEngine(): Engine {
  const { _tfengine: engine } = globalThis as { _tfengine?: TfjsEngine & TensorMaker };
  const { backendName, backendInstance: instance } = engine ?? {};
  if (engine === undefined || !backendName || !instance) {
    throw new UnsupportedError({
      feature: "A layers model without a backend of TensorFlow.js that is ready",
      remedy: "Call `await tf.ready()` first.",
    });
  }
  return new Engine({
    // An application may have a backend by a name of its own.
    device: backendName as TfjsDevice,
    instance,
    core: {
      engine: () => engine,
      tensor: (values, shape, dtype) => engine.makeTensor(values, shape, dtype, instance),
    },
  });
}

interface TensorMaker {
  makeTensor(values: unknown, shape: readonly number[], dtype: string, backend: object): TfjsTensor;
}
