import {
  type Artifact,
  type Backend,
  InvalidOptionsError,
  type LoadOptions,
  MlopsError,
  type Session,
} from "@mlops/core";

import type { TfjsConfig } from "./config.ts";
import { type TfjsDevice, tfjsDevices } from "./device.ts";
import { isNode } from "./is-node.ts";
import { Engines } from "./engine/engines.ts";
import { TfjsPackages } from "./load-package.ts";
import { readModel } from "./model/read-model.ts";
import { TfjsSession } from "./session.ts";
import { toModelLoadError } from "./to-core-error.ts";
import { workerModule } from "./worker-module.ts";

/**
 * TensorFlow.js as a backend. It takes graph models and layers models by their `model.json`, Keras files, and on
 * `tensorflow` a SavedModel by its `saved_model.pb`.
 *
 * The packages of TensorFlow.js are peers, of which those are loaded that a model and its engine
 * need: `@tensorflow/tfjs-core`, one with the engine, and `@tensorflow/tfjs-converter` for graph
 * models or `@tensorflow/tfjs-layers` for layers models. `@tensorflow/tfjs-node` has all of them.
 *
 * @param config - The engines to try, and the modules to use.
 * @throws InvalidOptionsError `INVALID_OPTIONS` when an option has a value it cannot have.
 *
 * @example
 * ```ts
 * const predictor = await createPredictor({ model, backend: tfjs({ device: ["wasm", "cpu"] }) });
 * ```
 */
export function tfjs(config: TfjsConfig = {}): Backend {
  const { modules, ...settings } = config;
  const devices = checkDevices(settings.device);
  const packages = new TfjsPackages(modules);
  const engines = new Engines(devices, packages, settings);

  return Object.freeze({
    specificationVersion: "v1",
    name: "tfjs",
    // A module that was passed in cannot be passed on to another thread.
    worker:
      modules === undefined
        ? { module: workerModule(), config: structuredClone(settings), isPreferred: !isNode() }
        : undefined,
    async load(artifact: Artifact, options: LoadOptions): Promise<Session> {
      try {
        const model = await readModel(artifact, { packages, settings, options });
        const { result, warnings } = await engines.loadOnFirst(async (engine) => ({
          engine,
          model: await model.load(engine),
        }));
        return new TfjsSession({ ...result, warnings, memoryBytes: model.memoryBytes });
      } catch (cause) {
        throw MlopsError.isInstance(cause) ? cause : toModelLoadError(cause, artifact.location);
      }
    },
  } satisfies Backend);
}

function checkDevices(device: TfjsConfig["device"]): readonly TfjsDevice[] | undefined {
  if (device === undefined) return undefined;
  const devices: readonly TfjsDevice[] = typeof device === "string" ? [device] : [...device];
  const unknown = devices.find((name) => !tfjsDevices.includes(name));
  if (unknown === undefined && devices.length > 0) return devices;
  const what = unknown === undefined ? "is an empty list" : `has ${JSON.stringify(unknown)}`;
  throw new InvalidOptionsError({
    option: "device",
    problem: `${what}; it has to be one or several of ${tfjsDevices.join(", ")}`,
  });
}
