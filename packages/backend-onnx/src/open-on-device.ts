import type { OnnxDevice, OnnxDeviceName } from "./device.ts";
import { deviceTraits } from "./device-traits.ts";
import { ExclusiveSession } from "./exclusive-session.ts";
import { executionProviders } from "./execution-providers.ts";
import { openFirstDevice, type OpenedOnDevice } from "./open-first-device.ts";
import type { OnnxInferenceSession, OnnxRuntime } from "./runtime.ts";
import type { Lock } from "./thread-lock.ts";
import { messageOf } from "./to-core-error.ts";
import { createNodeWasmSession } from "./web/node-wasm.ts";

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

/**
 * Makes a session on the first device of the chain that can.
 *
 * @throws ModelLoadError `MODEL_LOAD_FAILED` with the reason of every device when none can.
 */
export function openOnDevice(
  options: OpenOnDeviceOptions,
): Promise<OpenedOnDevice<{ readonly session: OnnxInferenceSession }>> {
  const { devices, location } = options;
  const open = async (device: OnnxDevice) => ({ session: await openOn(device, options) });
  return openFirstDevice({ devices, location, open, reasonOf });
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
