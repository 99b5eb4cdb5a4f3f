import { type Backend, InvalidOptionsError } from "@mlops/core";

import type { OnnxConfig } from "./config.ts";
import { importBrowserRuntime } from "./web/browser-runtime.ts";
import { startWebWorker } from "./web/start-web-worker.ts";
import { webBackend } from "./web/web-backend.ts";
import { resolveFiles } from "./web/web-options.ts";
import type { OnnxWebRuntime } from "./web/web-runtime.ts";
import type { WebWorkerConfig } from "./web/web-worker.ts";

export type { OnnxConfig, OnnxSessionOptions } from "./config.ts";
export type { OnnxInferenceSession, OnnxRuntime, OnnxTensor, OnnxValueMetadata } from "./runtime.ts";
export type { OnnxWebDevice, OnnxWebDeviceChoice } from "./web/web-device.ts";
export type { OnnxWebFile, OnnxWebFiles, OnnxWebOptions } from "./web/web-options.ts";

/**
 * ONNX Runtime as a backend, in a browser: through the package `onnxruntime-web`, which has to be
 * installed beside this one. Each predictor runs in a web worker of its own.
 *
 * @param config - The device and the options of its sessions. `device` is `wasm` (the default; on
 *   several threads where the page is cross-origin isolated), `webgpu` or `webnn`, or a list in which
 *   the first runs that can.
 * @throws InvalidOptionsError `INVALID_OPTIONS` when an option has a value it cannot have.
 *
 * @example
 * ```ts
 * const predictor = await createPredictor({ model, backend: onnx({ device: ["webgpu", "wasm"] }) });
 * ```
 */
export function onnx({ device, session = {}, web = {}, runtime }: OnnxConfig = {}): Backend {
  const files = resolveFiles(web.files);
  const config: WebWorkerConfig = { device, session, files };
  return webBackend({
    device,
    session,
    importRuntime: runtime === undefined ? importBrowserRuntime : () => configuredRuntime(runtime),
    // What runs on the page's own thread finds its files by itself: the bundler knows them.
    findFiles: () => files,
    // A runtime that was passed in cannot be passed on to another thread.
    worker: runtime === undefined ? { module: startWebWorker, config, isPreferred: true } : undefined,
  });
}

async function configuredRuntime(runtime: NonNullable<OnnxConfig["runtime"]>): Promise<OnnxWebRuntime> {
  const loaded = typeof runtime === "function" ? await runtime() : runtime;
  if (typeof loaded?.InferenceSession?.create === "function" && "env" in loaded) {
    // It has what the Node build lacks.
    return loaded as OnnxWebRuntime;
  }
  throw new InvalidOptionsError({
    option: "runtime",
    problem: 'is no onnxruntime-web; pass the module, as `await import("onnxruntime-web/wasm")` gives it',
  });
}
