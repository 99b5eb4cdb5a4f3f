import type { OnnxSessionOptions } from "../config.ts";
import type { OnnxDevice } from "../device.ts";
import type { OnnxInferenceSession, OnnxRuntime, OnnxValueMetadata } from "../runtime.ts";
import { variantOf, type RuntimeVariant } from "./web-device.ts";
import type { WebFilePlaces } from "./web-options.ts";
import {
  type ImportWebRuntime,
  type OnnxWebInferenceSession,
  type RunQueue,
  startWebRuntime,
} from "./web-runtime.ts";

/** What {@link createWebSession} is told. */
export interface CreateWebSessionOptions {
  readonly model: Uint8Array;
  readonly device: OnnxDevice;
  /** The runtime's session options, but for the execution providers. */
  readonly options: object;
  /** Threads that a run is to have, itself included. */
  readonly threads: number;
  readonly importRuntime: ImportWebRuntime;
  /** Where the files of a build are; `undefined` where the runtime finds them by itself. */
  readonly findFiles: (variant: RuntimeVariant) => WebFilePlaces | undefined;
}

/** A session of onnxruntime-web, and what it came with. */
export interface CreatedWebSession {
  readonly session: OnnxInferenceSession;
  readonly Tensor: OnnxRuntime["Tensor"];
  /** Threads that a run has. */
  readonly threads: number;
}

/**
 * Makes a session of onnxruntime-web on one device.
 *
 * @throws Error when the device is not there, or the runtime refuses the model.
 */
export async function createWebSession({
  model,
  device,
  options,
  importRuntime,
  findFiles,
  ...asked
}: CreateWebSessionOptions): Promise<CreatedWebSession> {
  await checkHost(device);
  const variant = variantOf(device);
  const module = await importRuntime(variant);
  const files = findFiles(variant);
  const { runtime, queue, threads } = startWebRuntime(module, { variant, files, threads: asked.threads });
  const { logSeverityLevel } = options as OnnxSessionOptions;
  const session = await queue.run(() =>
    runtime.InferenceSession.create(model, { ...options, executionProviders: [{ ...device }] }),
  );
  return { session: queued(session, queue, logSeverityLevel), Tensor: runtime.Tensor, threads };
}

interface GpuNavigator {
  readonly gpu?: { requestAdapter(): Promise<object | null> };
  readonly ml?: object;
}

/** Finds out what the host lacks before megabytes are fetched for it. */
async function checkHost({ name }: OnnxDevice): Promise<void> {
  const { navigator } = globalThis as { readonly navigator?: GpuNavigator };
  if (name === "webgpu") {
    if (navigator?.gpu === undefined) {
      throw new Error("this browser has no WebGPU, or the page was not served over HTTPS");
    }
    const adapter = await navigator.gpu.requestAdapter();
    if (adapter === null) throw new Error("this browser has WebGPU, but no adapter for it");
  } else if (name === "webnn") {
    if (navigator?.ml === undefined) throw new Error("this browser has no WebNN");
  } else if (name !== "wasm") {
    throw new Error("it is a device of Node, and not of browsers");
  }
}

function queued(
  session: OnnxWebInferenceSession,
  queue: RunQueue,
  logSeverityLevel: OnnxSessionOptions["logSeverityLevel"] = 4,
): OnnxInferenceSession {
  return {
    inputMetadata: session.inputMetadata.map(withoutOverflow),
    outputMetadata: session.outputMetadata.map(withoutOverflow),
    // Names, never tensors to write into: on WebAssembly those stay as they are, without an error (1.30).
    run: (feeds, names) => queue.run(() => session.run(feeds, names, { logSeverityLevel })),
    release: () => queue.run(() => session.release()),
  };
}

/** A dimension of any size without a name is -1, which this build (1.30) reads as an unsigned number. */
function withoutOverflow(metadata: OnnxValueMetadata): OnnxValueMetadata {
  if (!metadata.isTensor) return metadata;
  const shape = metadata.shape.map((size) => (typeof size === "number" && size >= 2 ** 31 ? "" : size));
  return { ...metadata, shape };
}
