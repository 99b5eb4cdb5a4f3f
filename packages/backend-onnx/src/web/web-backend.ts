import {
  type Artifact,
  type Backend,
  type LoadOptions,
  ModelLoadError,
  type Session,
  type Warning,
} from "@mlops/core";

import type { OnnxSessionOptions } from "../config.ts";
import type { OnnxDevice } from "../device.ts";
import type { OnnxDeviceChoice } from "../device-chain.ts";
import { readExternalData } from "../external-data.ts";
import { rowDependenceOf } from "../find-dynamic-quantization.ts";
import { isQuickestAlone, toNativeOptions } from "../native-options.ts";
import { OnnxSession } from "../session.ts";
import { readSignature } from "../signature.ts";
import { messageOf } from "../to-core-error.ts";
import {
  type CreatedWebSession,
  createWebSession,
  type CreateWebSessionOptions,
} from "./create-web-session.ts";
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
      const opened = await openFirst(devices, location, (each) =>
        createWebSession({
          model,
          device: each,
          options: externalData.length > 0 ? { ...options, externalData } : options,
          threads: threadsOf(asked),
          ...runtime,
        }),
      );
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

interface Opened extends CreatedWebSession {
  readonly device: OnnxDevice["name"];
  readonly warnings: readonly Warning[];
}

/** The session of the first device that can have one. */
async function openFirst(
  devices: readonly OnnxDevice[],
  location: string,
  open: (device: OnnxDevice) => Promise<CreatedWebSession>,
): Promise<Opened> {
  const failures: { readonly device: string; readonly cause: unknown }[] = [];
  for (const device of devices) {
    try {
      const opened = await open(device);
      const warnings = failures.map(({ device: failed, cause }): Warning => {
        const message = `${failed} could not be used, so the model runs on ${device.name}: ${messageOf(cause)}.`;
        return { type: "device-unavailable", device: failed, message };
      });
      return { ...opened, device: device.name, warnings };
    } catch (cause) {
      failures.push({ device: device.name, cause });
    }
  }
  const [first, ...others] = failures;
  const reasons = failures.map(({ device, cause }) => `${device}: ${messageOf(cause)}`);
  const causes = failures.map(({ cause }) => cause);
  throw new ModelLoadError({
    location,
    problem:
      others.length === 0
        ? `ONNX Runtime refused it on ${reasons[0]}`
        : `ONNX Runtime refused it on each device. ${reasons.join(". ")}`,
    cause: others.length === 0 ? first?.cause : new AggregateError(causes, "No device could run the model."),
  });
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
