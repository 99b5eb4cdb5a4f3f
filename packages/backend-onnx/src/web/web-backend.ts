import { type Artifact, type Backend, type LoadOptions, type Session, type Warning } from "@mlops/core";

import type { OnnxSessionOptions } from "../config.ts";
import type { OnnxDeviceChoice } from "../device-chain.ts";
import { readExternalData } from "../external-data.ts";
import { rowDependenceOf } from "../find-dynamic-quantization.ts";
import { isQuickestAlone, toNativeOptions } from "../native-options.ts";
import { openFirstDevice } from "../open-first-device.ts";
import { OnnxSession } from "../session.ts";
import { readSignature } from "../signature.ts";
import { createWebSession, type CreateWebSessionOptions } from "./create-web-session.ts";
import { webDeviceChain } from "./web-device.ts";

/** What {@link webBackend} is told. */
export interface WebBackendOptions extends Pick<CreateWebSessionOptions, "importRuntime" | "findFiles"> {
  readonly device: OnnxDeviceChoice | readonly OnnxDeviceChoice[] | undefined;
  readonly session: OnnxSessionOptions;
}

/**
 * onnxruntime-web as a backend, on the thread that calls it.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` when an option has a value it cannot have.
 */
export function webBackend({ device, session: given, ...runtime }: WebBackendOptions): Backend {
  const devices = webDeviceChain(device);
  const session = structuredClone(given);
  // What is there for the native build's threads means nothing to this one.
  const options = { ...toNativeOptions(session), extra: session.extra };
  return Object.freeze({
    specificationVersion: "v1",
    name: "onnx",
    async load(artifact: Artifact, { signal, onProgress, threads }: LoadOptions): Promise<Session> {
      const { location } = artifact;
      const model = await artifact.read({
        signal,
        onProgress: onProgress && ((progress) => onProgress({ phase: "reading", location, ...progress })),
      });
      const externalData = await readExternalData(model, artifact, { signal, onProgress });
      onProgress?.({ phase: "preparing", location });
      const asked = session.intraOpNumThreads ?? (isQuickestAlone(model.byteLength) ? 1 : threads);
      const opened = await openFirstDevice({
        devices,
        location,
        open: (each) =>
          createWebSession({
            model,
            device: each,
            options: externalData.length > 0 ? { ...options, externalData } : options,
            threads: threadsOf(asked),
            ...runtime,
          }),
      });
      try {
        const signature = readSignature(opened.session, model, location);
        const warnings = [...opened.warnings, ...threadWarnings(session.intraOpNumThreads, opened.threads)];
        const rowDependence = rowDependenceOf(model);
        return new OnnxSession({ ...opened, signature, warnings, rowDependence });
      } catch (error) {
        await opened.session.release();
        throw error;
      }
    },
  } satisfies Backend);
}

/** Threads of WebAssembly need shared memory, which a page has when it is cross-origin isolated. */
function hasThreads(): boolean {
  return (globalThis as { readonly crossOriginIsolated?: boolean }).crossOriginIsolated === true;
}

function threadsOf(asked: number | undefined): number {
  if (!hasThreads()) return 1;
  return asked ?? Math.min(4, Math.ceil(navigator.hardwareConcurrency / 2));
}

function threadWarnings(asked: number | undefined, threads: number): readonly Warning[] {
  if (asked === undefined || asked <= threads) return [];
  const message = hasThreads()
    ? `Runs have ${threads} of the ${asked} threads: a runtime keeps those that it was started with, and has one where its .mjs file was not found.`
    : "Runs have one thread: more need a page that is cross-origin isolated.";
  return [{ type: "unsupported-setting", setting: "session.intraOpNumThreads", message }];
}
