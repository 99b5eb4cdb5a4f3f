import { MissingDependencyError } from "@mlops/core";

import type { TfjsConfig, TfjsPackage } from "../config.ts";
import { type TfjsDevice, tfjsDevices } from "../device.ts";
import { isNode } from "../is-node.ts";
import type { TfjsPackages } from "../load-package.ts";
import type { TfjsCore, TfjsEngine } from "../runtime.ts";
import { Engine } from "./engine.ts";
import { inSilence } from "./in-silence.ts";
import { useWasmPath } from "./wasm-path.ts";

/** What the host can have: Node has TensorFlow's library, and everything else may have a graphics card. */
export function defaultDevices(): readonly TfjsDevice[] {
  return tfjsDevices.filter((device) =>
    isNode() ? device !== "webgpu" && device !== "webgl" : device !== "tensorflow",
  );
}

/**
 * Starts an engine, or takes the one that an application or another copy of this package has
 * started. The current backend of TensorFlow.js stays as it was.
 *
 * @throws MissingDependencyError `MISSING_DEPENDENCY` when its package cannot be loaded.
 */
export async function openEngine(
  device: TfjsDevice,
  packages: TfjsPackages,
  { wasmPath }: Pick<TfjsConfig, "wasmPath">,
): Promise<Engine> {
  if (device === "tensorflow") return startTensorFlow(packages);
  const core = await packages.load<TfjsCore>("@tensorflow/tfjs-core");
  const name = `@tensorflow/tfjs-backend-${device}` as const satisfies TfjsPackage;
  if (core.engine().findBackendFactory(device) === null) {
    const module = await inSilence(() => packages.load<object>(name));
    if (device === "wasm") useWasmPath(module, wasmPath);
  }
  return start(device, core);
}

/** tfjs-node is a whole TensorFlow.js, and makes its backend the current one when it is loaded. */
async function startTensorFlow(packages: TfjsPackages): Promise<Engine> {
  const { _tfengine: before } = globalThis as { _tfengine?: TfjsEngine };
  const current = { backendName: before?.backendName, backendInstance: before?.backendInstance };
  const core = await inSilence(() => loadTensorFlow(packages));
  const started = await start("tensorflow", core);
  Object.assign(core.engine(), current);
  return started;
}

async function loadTensorFlow(packages: TfjsPackages): Promise<TfjsCore> {
  if (packages.has("@tensorflow/tfjs-node-gpu")) return packages.load("@tensorflow/tfjs-node-gpu");
  try {
    return await packages.load("@tensorflow/tfjs-node");
  } catch (cause) {
    // Who has a graphics card has the other one in its place.
    if (packages.has("@tensorflow/tfjs-node") || !isAbsent(cause)) throw cause;
    return packages.load<TfjsCore>("@tensorflow/tfjs-node-gpu").catch((other: unknown) => {
      throw isAbsent(other) ? cause : other;
    });
  }
}

/** Whether the package is not installed at all; one that is may lack its native part. */
function isAbsent(error: unknown): boolean {
  return (
    MissingDependencyError.isInstance(error) &&
    Reflect.get(Object(error.cause), "code") === "ERR_MODULE_NOT_FOUND"
  );
}

/** Makes the backend, unless it was made before, and lets it set up its operations. */
async function start(device: TfjsDevice, core: TfjsCore): Promise<Engine> {
  const engine = core.engine();
  while (engine.pendingBackendInit) await engine.pendingBackendInit;
  const factory = engine.findBackendFactory(device);
  if (factory === null) throw new Error(`this host has no ${device}`);
  if (!Object.hasOwn(engine.registry, device)) {
    // Called by itself, it throws what is wrong; the engine would print it.
    const made = await inSilence(async () => factory());
    engine.registry[device] ??= made;
  }
  const instance = engine.registry[device]!;
  // The cpu backend greets at first use in Node.
  if (device === "cpu") Reflect.set(instance, "firstUse", false);
  const { backendName, backendInstance } = engine;
  // Does its work before it returns, as the backend is there.
  const isSet = engine.setBackend(device);
  Object.assign(engine, { backendName, backendInstance });
  await isSet;
  return new Engine({ device, core, instance });
}
