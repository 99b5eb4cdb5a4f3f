import {
  type Artifact,
  type Backend,
  InvalidOptionsError,
  type LoadOptions,
  MissingDependencyError,
  type Session,
} from "@mlops/core";

import type { OnnxConfig } from "./config.ts";
import { directRuntime } from "./direct-runtime.ts";
import { readExternalData } from "./external-data.ts";
import { isQuickestAlone, toNativeOptions } from "./native-options.ts";
import type { OnnxInferenceSession, OnnxRuntime } from "./runtime.ts";
import { OnnxSession } from "./session.ts";
import { readSignature } from "./signature.ts";
import { messageOf, toModelLoadError } from "./to-core-error.ts";
import { workerModule } from "./worker-module.ts";

/**
 * ONNX Runtime as a backend. On Node it runs on the CPU through the package `onnxruntime-node`,
 * which has to be installed beside this one.
 *
 * @param config - The runtime to use and the options of its sessions.
 * @throws InvalidOptionsError `INVALID_OPTIONS` when a session option has a value it cannot have.
 *
 * @example
 * ```ts
 * const predictor = await createPredictor({ model, backend: onnx() });
 * ```
 */
export function onnx(config: OnnxConfig = {}): Backend {
  const session = structuredClone(config.session ?? {});
  const nativeOptions = toNativeOptions(session);
  let runtime: Promise<OnnxRuntime> | undefined;

  return Object.freeze({
    specificationVersion: "v1",
    name: "onnx",
    // A runtime that was passed in cannot be passed on to another thread.
    worker: config.runtime === undefined ? { module: workerModule(), config: { session } } : undefined,
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
      const { InferenceSession, Tensor } = await runtime;
      const bytes = await artifact.read({
        signal,
        onProgress: onProgress && ((progress) => onProgress({ phase: "reading", location, ...progress })),
      });
      const externalData = await readExternalData(bytes, artifact, { signal, onProgress });
      onProgress?.({ phase: "preparing", location });
      const threads = session.intraOpNumThreads ?? (isQuickestAlone(bytes.byteLength) ? 1 : askedThreads);
      let inferenceSession: OnnxInferenceSession;
      try {
        // The native binding takes no view of shared memory: such bytes are copied first.
        const owned = bytes.buffer instanceof ArrayBuffer ? bytes : bytes.slice();
        inferenceSession = await InferenceSession.create(owned, {
          ...nativeOptions,
          ...(threads !== undefined && { intraOpNumThreads: threads }),
          ...(externalData.length > 0 && { externalData }),
        });
      } catch (cause) {
        throw toModelLoadError(cause, location);
      }
      try {
        const signature = readSignature(inferenceSession, bytes, location);
        return new OnnxSession({ session: inferenceSession, Tensor, signature, threads });
      } catch (error) {
        await inferenceSession.release();
        throw error;
      }
    },
  } satisfies Backend);
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
    return directRuntime(await importBinding()) ?? runtime;
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
