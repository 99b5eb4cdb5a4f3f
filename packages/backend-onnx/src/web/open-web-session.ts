import type { Session, Warning } from "@mlops/core";

import type { OnnxSessionOptions } from "../config.ts";
import { isQuickestAlone, toNativeOptions } from "../native-options.ts";
import type { OnnxInferenceSession } from "../runtime.ts";
import { OnnxSession } from "../session.ts";
import { readSignature } from "../signature.ts";
import { toModelLoadError } from "../to-core-error.ts";
import type { WebDeviceAttempt } from "./web-device.ts";
import { WebSession } from "./web-session.ts";
import {
  type ImportWebRuntime,
  type OnnxWebInferenceSession,
  type RunQueue,
  startWebRuntime,
  type StartedWebRuntime,
} from "./web-runtime.ts";
import type { WebFilePlaces } from "./web-options.ts";

/** What {@link openWebSession} is told. */
export interface OpenWebSessionOptions {
  readonly bytes: Uint8Array;
  /** Where the bytes come from, for messages. */
  readonly location: string;
  readonly attempt: WebDeviceAttempt;
  readonly session: OnnxSessionOptions;
  /** Threads that core asks for, where several models share the cores. */
  readonly threads?: number | undefined;
  readonly importRuntime: ImportWebRuntime;
  /** Where the files of a build are; `undefined` where the runtime finds them by itself. */
  readonly findFiles: (variant: WebDeviceAttempt["variant"]) => WebFilePlaces | undefined;
  /** What went wrong with other devices before. */
  readonly warnings: readonly Warning[];
}

/**
 * Makes a session of onnxruntime-web on one device.
 *
 * @throws ModelLoadError `MODEL_LOAD_FAILED` when the device is not there or refuses the model.
 */
export async function openWebSession(options: OpenWebSessionOptions): Promise<Session> {
  const { bytes, location, attempt, session, importRuntime, findFiles, warnings } = options;
  const { device, provider, variant } = attempt;
  const missing = await findMissing(attempt);
  if (missing !== undefined) throw toModelLoadError(missing, location);
  const { runtime, queue, threads } = await start();
  // What is there for the native build's threads means nothing to this one.
  const nativeOptions = { ...toNativeOptions(session), extra: session.extra, executionProviders: [provider] };
  let made: OnnxWebInferenceSession;
  try {
    made = await queue.run(() => runtime.InferenceSession.create(bytes, nativeOptions));
  } catch (cause) {
    throw toModelLoadError(cause, location);
  }
  try {
    const signature = readSignature(made, bytes, location);
    const inner = new OnnxSession({
      session: queued(made, queue, session.logSeverityLevel),
      Tensor: runtime.Tensor,
      signature,
      threads,
    });
    return new WebSession({
      session: inner,
      device,
      threads: device === "wasm" ? threads : 0,
      warnings: [...warnings, ...threadWarnings(session.intraOpNumThreads, threads)],
    });
  } catch (error) {
    await queue.run(() => made.release());
    throw error;
  }

  async function start(): Promise<StartedWebRuntime> {
    const asked = session.intraOpNumThreads ?? (isQuickestAlone(bytes.byteLength) ? 1 : options.threads);
    const module = await importRuntime(variant);
    return startWebRuntime(module, {
      variant,
      files: findFiles(variant),
      threads: hasThreads() ? (asked ?? defaultThreads()) : 1,
    });
  }
}

/** What the host lacks for a device, found out before megabytes are fetched for it. */
async function findMissing({ device, provider }: WebDeviceAttempt): Promise<string | undefined> {
  if (provider === undefined) return `${device} is a device of Node, and not of browsers`;
  const { navigator } = globalThis as { readonly navigator?: GpuNavigator };
  if (device === "webgpu") {
    if (navigator?.gpu === undefined)
      return "this browser has no WebGPU, or the page is not served over HTTPS";
    const adapter = await navigator.gpu.requestAdapter().catch(() => null);
    return adapter === null ? "this browser has WebGPU, but no adapter for it" : undefined;
  }
  if (device === "webnn" && navigator?.ml === undefined) return "this browser has no WebNN";
  return undefined;
}

interface GpuNavigator {
  readonly gpu?: { requestAdapter(): Promise<object | null> };
  readonly ml?: object;
}

function threadWarnings(asked: number | undefined, threads: number): readonly Warning[] {
  if (asked === undefined || asked <= threads) return [];
  const message = hasThreads()
    ? `Runs take ${threads} of the ${asked} threads: a runtime keeps those it was started with, and has one where its .mjs file was not found.`
    : "Runs take one thread: more need a page that is cross-origin isolated.";
  return [{ type: "unsupported-setting", setting: "session.intraOpNumThreads", message }];
}

/** Node's WebAssembly build gains nothing by threads. */
function hasThreads(): boolean {
  return (globalThis as { readonly crossOriginIsolated?: boolean }).crossOriginIsolated === true;
}

function defaultThreads(): number {
  return Math.min(4, Math.ceil(navigator.hardwareConcurrency / 2));
}

function queued(
  session: OnnxWebInferenceSession,
  queue: RunQueue,
  logSeverityLevel: OnnxSessionOptions["logSeverityLevel"] = 4,
): OnnxInferenceSession {
  return {
    inputMetadata: session.inputMetadata,
    outputMetadata: session.outputMetadata,
    // Names, never tensors to write into: on WebAssembly those stay as they are, without an error (1.30).
    run: (feeds, names) => queue.run(() => session.run(feeds, names, { logSeverityLevel })),
    release: () => queue.run(() => session.release()),
  };
}
