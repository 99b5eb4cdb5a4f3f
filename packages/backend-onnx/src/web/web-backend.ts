import {
  type Artifact,
  type Backend,
  type LoadOptions,
  ModelLoadError,
  type Session,
  type Warning,
} from "@mlops/core";

import type { OnnxSessionOptions } from "../config.ts";
import { toNativeOptions } from "../native-options.ts";
import { messageOf } from "../to-core-error.ts";
import { openWebSession, type OpenWebSessionOptions } from "./open-web-session.ts";
import { type WebDeviceAttempt, webDeviceChain } from "./web-device.ts";

/** What {@link webBackend} is told. */
export interface WebBackendOptions extends Pick<OpenWebSessionOptions, "importRuntime" | "findFiles"> {
  /** A device or a chain of them. */
  readonly device: unknown;
  readonly session: OnnxSessionOptions;
  readonly worker?: Backend["worker"];
}

/**
 * onnxruntime-web as a backend, on the thread that calls it.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` when an option has a value it cannot have.
 */
export function webBackend({ device, session: given, worker, ...runtime }: WebBackendOptions): Backend {
  const chain = webDeviceChain(device);
  const session = structuredClone(given);
  toNativeOptions(session);
  return Object.freeze({
    specificationVersion: "v1",
    name: "onnx",
    worker,
    async load(artifact: Artifact, { signal, onProgress, threads }: LoadOptions): Promise<Session> {
      const { location } = artifact;
      const bytes = await artifact.read({
        signal,
        onProgress: onProgress && ((progress) => onProgress({ phase: "reading", location, ...progress })),
      });
      onProgress?.({ phase: "preparing", location });
      return openFirst(chain, location, (attempt, warnings) =>
        openWebSession({ bytes, location, attempt, session, threads, warnings, ...runtime }),
      );
    },
  } satisfies Backend);
}

/** The session of the first device that can have one. */
async function openFirst(
  chain: readonly WebDeviceAttempt[],
  location: string,
  open: (attempt: WebDeviceAttempt, warnings: readonly Warning[]) => Promise<Session>,
): Promise<Session> {
  const failures: { readonly device: string; readonly error: unknown }[] = [];
  for (const attempt of chain) {
    const warnings = failures.map(({ device, error }): Warning => ({
      type: "other",
      message: `The device ${device} is not used: ${messageOf(error)}.`,
    }));
    try {
      return await open(attempt, warnings);
    } catch (error) {
      failures.push({ device: attempt.device, error });
    }
  }
  const [first] = failures;
  if (failures.length === 1) throw first!.error;
  const reasons = failures.map(({ device, error }) => `${device}: ${messageOf(error)}`);
  throw new ModelLoadError({
    location,
    problem: `no device of the chain took it. ${reasons.join(". ")}`,
    cause: failures.at(-1)!.error,
  });
}
