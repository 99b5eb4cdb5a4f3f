import {
  type Artifact,
  type Backend,
  InvalidOptionsError,
  type LoadOptions,
  MissingDependencyError,
  type Session,
} from "@mlops/core";

import type { OnnxConfig } from "./config.ts";
import { toNativeOptions } from "./native-options.ts";
import type { OnnxInferenceSession, OnnxRuntime } from "./runtime.ts";
import { OnnxSession } from "./session.ts";
import { readSignature } from "./signature.ts";
import { messageOf, toModelLoadError } from "./to-core-error.ts";

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
  const nativeOptions = toNativeOptions(config.session ?? {});
  let runtime: Promise<OnnxRuntime> | undefined;

  return Object.freeze({
    specificationVersion: "v1",
    name: "onnx",
    async load(artifact: Artifact, { signal, onProgress }: LoadOptions): Promise<Session> {
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
      onProgress?.({ phase: "preparing", location });
      let session: OnnxInferenceSession;
      try {
        // The native binding takes no view of shared memory: such bytes are copied first.
        const owned = bytes.buffer instanceof ArrayBuffer ? bytes : bytes.slice();
        session = await InferenceSession.create(owned, nativeOptions);
      } catch (cause) {
        throw toModelLoadError(cause, location);
      }
      try {
        return new OnnxSession({ session, Tensor, signature: readSignature(session, bytes, location) });
      } catch (error) {
        await session.release();
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
    return await import("onnxruntime-node");
  } catch (cause) {
    throw new MissingDependencyError({
      packageName: "onnxruntime-node",
      remedy: `Install it with \`npm install onnxruntime-node\`, or pass a runtime to onnx({ runtime }). (${messageOf(cause)})`,
      cause,
    });
  }
}
