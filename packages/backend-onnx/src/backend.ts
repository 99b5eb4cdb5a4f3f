import {
  type Artifact,
  type Backend,
  InvalidOptionsError,
  type LoadOptions,
  MissingDependencyError,
  type Session,
  type Warning,
} from "@mlops/core";

import type { OnnxConfig, OnnxSessionOptions } from "./config.ts";
import { deviceChain } from "./device-chain.ts";
import { directRuntime, DirectTensor } from "./direct-runtime.ts";
import { readExternalData } from "./external-data.ts";
import { rowDependenceOf } from "./find-dynamic-quantization.ts";
import { isQuickestAlone, toNativeOptions } from "./native-options.ts";
import { openOnDevice } from "./open-on-device.ts";
import type { OnnxRuntime } from "./runtime.ts";
import { OnnxSession } from "./session.ts";
import { readSignature } from "./signature.ts";
import { processLock } from "./thread-lock.ts";
import { messageOf } from "./to-core-error.ts";
import { workerModule } from "./worker-module.ts";

/**
 * ONNX Runtime as a backend. On Node it runs on the CPU and on GPUs through the package
 * `onnxruntime-node`, which has to be installed beside this one.
 *
 * @param config - The devices, the runtime to use and the options of its sessions.
 * @throws InvalidOptionsError `INVALID_OPTIONS` when a device is unknown, or an option of it or of
 *   the session has a value it cannot have.
 *
 * @example
 * ```ts
 * const predictor = await createPredictor({ model, backend: onnx() });
 * ```
 */
export function onnx(config: OnnxConfig = {}): Backend {
  const session = structuredClone(config.session ?? {});
  const devices = deviceChain(config.device);
  const nativeOptions = toNativeOptions(session);
  // Made here, before any worker is started, which inherits it.
  const gpuLock = devices.some(({ name }) => name === "webgpu") ? processLock(gpuLockName) : undefined;
  let runtime: Promise<OnnxRuntime> | undefined;

  return Object.freeze({
    specificationVersion: "v1",
    name: "onnx",
    // A runtime that was passed in cannot be passed on to another thread.
    worker:
      config.runtime === undefined
        ? { module: workerModule(), config: { session, device: devices } }
        : undefined,
    async load(
      artifact: Artifact,
      { signal, onProgress, threads: askedThreads }: LoadOptions,
    ): Promise<Session> {
      // A failed attempt is not kept: the package may be there the next time.
      runtime ??= loadRuntime(config.runtime).catch((error: unknown) => {
        runtime = undefined;
        throw error;
      });
      const { location } = artifact;
      const isWithoutBinding = devices.some(({ name }) => name === "wasm");
      const loaded = await (isWithoutBinding ? runtime.catch(missingRuntime) : runtime);
      const { Tensor } = loaded;
      const bytes = await artifact.read({
        signal,
        onProgress: onProgress && ((progress) => onProgress({ phase: "reading", location, ...progress })),
      });
      const externalData = await readExternalData(bytes, artifact, { signal, onProgress });
      onProgress?.({ phase: "preparing", location });
      const threads = session.intraOpNumThreads ?? (isQuickestAlone(bytes.byteLength) ? 1 : askedThreads);
      // The native binding takes no view of shared memory: such bytes are copied first.
      const model = bytes.buffer instanceof ArrayBuffer ? bytes : bytes.slice();
      const options = {
        ...nativeOptions,
        ...(threads !== undefined && { intraOpNumThreads: threads }),
        ...(externalData.length > 0 && { externalData }),
      };
      const opened = await openOnDevice({
        model,
        location,
        options,
        devices,
        runtime: loaded,
        gpuLock,
      });
      try {
        const signature = readSignature(opened.session, bytes, location);
        const warnings = [...opened.warnings, ...ignoredSettings(session, loaded)];
        const rowDependence = rowDependenceOf(bytes);
        return new OnnxSession({ ...opened, Tensor, signature, warnings, threads, rowDependence });
      } catch (error) {
        await opened.session.release();
        throw error;
      }
    },
  } satisfies Backend);
}

/** Two threads that use WebGPU at once end the process (onnxruntime-node 1.30): one at a time does. */
const gpuLockName = "@mlops/backend-onnx webgpu";

/** Settings that `onnxruntime-node`, which alone lists its backends, takes and does not read. */
function ignoredSettings({ freeDimensionOverrides }: OnnxSessionOptions, runtime: OnnxRuntime): Warning[] {
  if (freeDimensionOverrides === undefined || runtime.listSupportedBackends === undefined) return [];
  const setting = "session.freeDimensionOverrides";
  return [{ type: "unsupported-setting", setting, message: `onnxruntime-node does not read ${setting}.` }];
}

/** A runtime that cannot be loaded, of which a chain with another one learns when it tries a device. */
function missingRuntime(error: unknown): OnnxRuntime {
  return { Tensor: DirectTensor, InferenceSession: { create: () => Promise.reject(error) } };
}

async function loadRuntime(configured: OnnxConfig["runtime"]): Promise<OnnxRuntime> {
  if (configured === undefined) return importRuntime();
  const runtime = typeof configured === "function" ? await configured() : configured;
  if (typeof runtime?.InferenceSession?.create === "function") return runtime;
  throw new InvalidOptionsError({
    option: "runtime",
    problem: 'has no InferenceSession; pass the module, as `await import("onnxruntime-node")` gives it',
  });
}

async function importRuntime(): Promise<OnnxRuntime> {
  try {
    const runtime = await import("onnxruntime-node");
    return directRuntime(await importBinding(), runtime.env) ?? runtime;
  } catch (cause) {
    throw new MissingDependencyError({
      packageName: "onnxruntime-node",
      remedy: `Install it with \`npm install onnxruntime-node\`, or pass a runtime to onnx({ runtime }). (${messageOf(cause)})`,
      cause,
    });
  }
}

/** The module with the native binding, `undefined` where a version of the package has none. */
async function importBinding(): Promise<unknown> {
  try {
    // By a name that no tool follows: the package has no types for it.
    const specifier = "onnxruntime-node/dist/binding.js";
    return await import(specifier);
  } catch {
    return undefined;
  }
}
