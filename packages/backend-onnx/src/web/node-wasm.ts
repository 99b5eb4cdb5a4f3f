import { MissingDependencyError } from "@mlops/core";

import type { OnnxInferenceSession } from "../runtime.ts";
import { messageOf } from "../to-core-error.ts";
import { createWebSession } from "./create-web-session.ts";
import type { OnnxWebRuntime } from "./web-runtime.ts";

/**
 * Makes a session on WebAssembly in Node, for hosts without a native binding, such as Alpine Linux:
 * by the package `onnxruntime-web`, on one thread, as others gain nothing there.
 *
 * @param options - The runtime's session options, but for the execution providers.
 * @throws MissingDependencyError `MISSING_DEPENDENCY` when the package is not there.
 * @throws Error when the runtime refuses the model.
 */
export async function createNodeWasmSession(
  model: Uint8Array,
  options: object,
): Promise<OnnxInferenceSession> {
  const { session } = await createWebSession({
    model,
    device: { name: "wasm" },
    // The native build's settings of its threads mean nothing to this one.
    options: { ...options, extra: undefined },
    threads: 1,
    importRuntime: importNodeRuntime,
    findFiles: () => undefined,
  });
  return session;
}

/** The build of `onnxruntime-web` for Node, which has WebAssembly alone. */
async function importNodeRuntime(): Promise<OnnxWebRuntime> {
  try {
    return await import("onnxruntime-web");
  } catch (cause) {
    throw new MissingDependencyError({
      packageName: "onnxruntime-web",
      remedy: `Install it with \`npm install onnxruntime-web\`. (${messageOf(cause)})`,
      cause,
    });
  }
}
