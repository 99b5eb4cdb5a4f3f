import { ModelLoadError, type Warning } from "@mlops/core";

import type { OnnxDevice, OnnxDeviceName } from "./device.ts";
import { deviceTraits } from "./device-traits.ts";
import { ExclusiveSession } from "./exclusive-session.ts";
import { executionProviders } from "./execution-providers.ts";
import type { OnnxInferenceSession, OnnxRuntime } from "./runtime.ts";
import type { Lock } from "./thread-lock.ts";
import { messageOf, toModelLoadError } from "./to-core-error.ts";
import { createNodeWasmSession } from "./web/node-wasm.ts";

/** Why a device could not be used. */
interface Failure {
  readonly device: OnnxDeviceName;
  /** As a sentence without its full stop. */
  readonly reason: string;
  readonly cause: unknown;
}

/** What {@link openOnDevice} is told. */
export interface OpenOnDeviceOptions {
  readonly model: Uint8Array;
  /** Where the model came from, for errors. */
  readonly location: string;
  /** The runtime's session options, but for the execution providers. */
  readonly options: object;
  readonly devices: readonly OnnxDevice[];
  readonly runtime: OnnxRuntime;
  /** Held while a session on WebGPU is made, run or released. */
  readonly gpuLock: Lock | undefined;
}

/** A session, and the devices that were tried before it was made. */
export interface OpenedOnDevice {
  readonly session: OnnxInferenceSession;
  readonly device: OnnxDeviceName;
  readonly warnings: readonly Warning[];
}

/**
 * Makes a session on the first device of the chain that can.
 *
 * The runtime has a chain of its own, and leaves it at the first device whose libraries it finds
 * broken. Here each device is asked for by itself.
 *
 * @throws ModelLoadError `MODEL_LOAD_FAILED` with the reason of every device when none can.
 */
export async function openOnDevice(options: OpenOnDeviceOptions): Promise<OpenedOnDevice> {
  const failures: Failure[] = [];
  for (const device of options.devices) {
    try {
      const session = await openOn(device, options);
      const warnings = failures.map(({ device: failed, reason }): Warning => {
        const message = `${failed} could not be used, so the model runs on ${device.name}: ${reason}.`;
        return { type: "device-unavailable", device: failed, message };
      });
      return { session, device: device.name, warnings };
    } catch (cause) {
      failures.push({ device: device.name, reason: reasonOf(device.name, cause), cause });
    }
  }
  throw noDeviceError(failures, options.location);
}

async function openOn(
  device: OnnxDevice,
  { model, options, devices, runtime, gpuLock }: OpenOnDeviceOptions,
): Promise<OnnxInferenceSession> {
  if (device.name === "wasm") return createNodeWasmSession(model, options);
  checkSupport(device.name, runtime);
  const create = (): Promise<OnnxInferenceSession> =>
    runtime.InferenceSession.create(model, {
      ...options,
      executionProviders: executionProviders(device, devices),
    });
  if (device.name !== "webgpu" || gpuLock === undefined) return create();
  return new ExclusiveSession(await gpuLock.run(create), gpuLock);
}

/** Without this, the runtime says only that it found no backend. */
function checkSupport(device: OnnxDeviceName, runtime: OnnxRuntime): void {
  const supported = runtime.listSupportedBackends?.().map(({ name }) => name);
  if (supported === undefined || supported.includes(deviceTraits[device].provider)) return;
  throw new Error(`the runtime of this platform was built without it; it has ${supported.join(", ")}`);
}

function reasonOf(device: OnnxDeviceName, cause: unknown): string {
  const message = messageOf(cause);
  return device === "cpu" ? message : `${message}. ${deviceTraits[device].needs}`;
}

function noDeviceError(failures: readonly Failure[], location: string): ModelLoadError {
  const [first, ...others] = failures;
  if (others.length > 0) {
    const reasons = failures.map(({ device, reason }) => `${device}: ${reason}`);
    const problem = `ONNX Runtime refused it on each device. ${reasons.join(". ")}`;
    const causes = failures.map(({ cause }) => cause);
    const cause = new AggregateError(causes, "No device could run the model.");
    return new ModelLoadError({ location, problem, cause });
  }
  const { device, reason, cause } = first!;
  if (device === "cpu") return toModelLoadError(cause, location);
  return new ModelLoadError({ location, problem: `ONNX Runtime refused it on ${device}: ${reason}`, cause });
}
