import { MissingDependencyError, UnsupportedError, type Warning } from "@mlops/core";

import type { TfjsConfig, TfjsPackage } from "../config.ts";
import { type TfjsDevice, tfjsDevices } from "../device.ts";
import type { TfjsPackages } from "../load-package.ts";
import type { TfjsCore } from "../runtime.ts";
import { messageOf } from "../to-core-error.ts";
import { Engine } from "./engine.ts";
import { inSilence } from "./in-silence.ts";
import { useWasmPath } from "./wasm-path.ts";

/** An engine that runs, and what became of those before it. */
export interface OpenedEngine {
  readonly engine: Engine;
  readonly warnings: readonly Warning[];
}

/**
 * Starts the first of the engines that can be started.
 *
 * @throws UnsupportedError `UNSUPPORTED` when none can, with the reason of each; the reason itself
 *   when there is but one.
 */
export async function openEngine(
  devices: readonly TfjsDevice[],
  packages: TfjsPackages,
  config: Pick<TfjsConfig, "wasmPath">,
): Promise<OpenedEngine> {
  const warnings: Warning[] = [];
  for (const device of devices) {
    try {
      return { engine: await startEngine(device, packages, config), warnings };
    } catch (cause) {
      if (devices.length === 1) throw cause;
      const message = `The device ${device} could not be used: ${messageOf(cause)}.`;
      warnings.push({ type: "unsupported-setting", setting: "device", message });
    }
  }
  throw new UnsupportedError({
    feature: `Running TensorFlow.js on ${devices.join(", ")} here`,
    remedy: warnings.map(({ message }) => message).join(" "),
  });
}

/** What the host can have: Node has TensorFlow's library, and everything else may have a graphics card. */
export function defaultDevices(): readonly TfjsDevice[] {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  const isNode = process?.versions?.node !== undefined;
  return tfjsDevices.filter((device) =>
    isNode ? device !== "webgpu" && device !== "webgl" : device !== "tensorflow",
  );
}

async function startEngine(
  device: TfjsDevice,
  packages: TfjsPackages,
  config: Pick<TfjsConfig, "wasmPath">,
): Promise<Engine> {
  if (device === "tensorflow") return startTensorFlow(packages);
  const core = await packages.load<TfjsCore>("@tensorflow/tfjs-core");
  const name = `@tensorflow/tfjs-backend-${device}` as const satisfies TfjsPackage;
  const engine = core.engine();
  await inSilence(async () => {
    // A backend that is there already, by an application or another copy, is used as it is.
    if (engine.findBackendFactory(device) === null) {
      const module = await packages.load<object>(name);
      if (device === "wasm") useWasmPath(module, config.wasmPath);
    }
  });
  return start(device, core);
}

/** tfjs-node is a whole TensorFlow.js, and chooses its own backend when it is loaded. */
async function startTensorFlow(packages: TfjsPackages): Promise<Engine> {
  const { _tfengine: before } = globalThis as { _tfengine?: ReturnType<TfjsCore["engine"]> };
  const [name, instance] = [before?.backendName, before?.backendInstance];
  const core = await inSilence(() => loadTensorFlow(packages));
  const engine = core.engine();
  const started = await start("tensorflow", core);
  engine.backendName = name;
  engine.backendInstance = instance;
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
    const instance = await inSilence(async () => factory());
    engine.registry[device] ??= instance;
  }
  const instance = engine.registry[device]!;
  // The cpu backend greets at first use in Node.
  if (device === "cpu") Reflect.set(instance, "firstUse", false);
  const { backendName, backendInstance } = engine;
  // It does its work before it returns: the backend is there.
  const isSet = engine.setBackend(device);
  engine.backendName = backendName;
  engine.backendInstance = backendInstance;
  await isSet;
  return new Engine({ device, core, instance });
}
