import {
  type Artifact,
  type Backend,
  InvalidOptionsError,
  type LoadOptions,
  type Session,
} from "@mlops/core";

import { checkSessionOptions } from "./check-session-options.ts";
import type { OnnxConfig } from "./config.ts";
import { importBrowserRuntime } from "./web/browser-runtime.ts";
import { startWebWorker } from "./web/start-web-worker.ts";
import { webDeviceChain } from "./web/web-device.ts";
import { resolveFiles } from "./web/web-options.ts";
import type { OnnxWebRuntime } from "./web/web-runtime.ts";
import type { WebWorkerConfig } from "./web/web-worker.ts";

export type { OnnxConfig, OnnxSessionOptions } from "./config.ts";
export type { OnnxDevice, OnnxDeviceName } from "./device.ts";
export type { OnnxDeviceChoice } from "./device-chain.ts";
export type {
  OnnxInferenceSession,
  OnnxRuntime,
  OnnxSupportedBackend,
  OnnxTensor,
  OnnxValueMetadata,
} from "./runtime.ts";
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
export function onnx({ device, session: given = {}, web = {}, runtime }: OnnxConfig = {}): Backend {
  const session = structuredClone(given);
  webDeviceChain(device);
  checkSessionOptions(session);
  const files = resolveFiles(web.files);
  const config: WebWorkerConfig = { device, session, files };
  return Object.freeze({
    specificationVersion: "v1",
    name: "onnx",
    // A runtime that was passed in cannot be passed on to another thread.
    worker: runtime === undefined ? { module: startWebWorker, config, isPreferred: true } : undefined,
    async load(artifact: Artifact, options: LoadOptions): Promise<Session> {
      // Most pages leave it to the worker, and do not fetch what it is done with.
      const { webBackend } = await import("./web/web-backend.ts");
      const backend = webBackend({
        device,
        session,
        importRuntime: runtime === undefined ? importBrowserRuntime : () => configuredRuntime(runtime),
        // What runs on the page's own thread finds its files by itself: the bundler knows them.
        findFiles: () => files,
      });
      return backend.load(artifact, options);
    },
  } satisfies Backend);
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
