import { MissingDependencyError, type Session } from "@mlops/core";

import { messageOf } from "../to-core-error.ts";
import { openWebSession, type OpenWebSessionOptions } from "./open-web-session.ts";
import { webDeviceChain } from "./web-device.ts";
import type { OnnxWebRuntime } from "./web-runtime.ts";

type NodeWasmSessionOptions = Pick<OpenWebSessionOptions, "bytes" | "location" | "session" | "warnings">;

/**
 * Makes a session on WebAssembly in Node, for hosts without a native binding, such as Alpine Linux:
 * by the package `onnxruntime-web`, on one thread.
 *
 * @throws MissingDependencyError `MISSING_DEPENDENCY` when the package is not there.
 * @throws ModelLoadError `MODEL_LOAD_FAILED` when the runtime refuses the model.
 */
export async function openNodeWasmSession(options: NodeWasmSessionOptions): Promise<Session> {
  const [attempt] = webDeviceChain("wasm");
  return openWebSession({
    ...options,
    attempt,
    importRuntime: importNodeRuntime,
    findFiles: () => undefined,
  });
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
