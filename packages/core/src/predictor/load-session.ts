import type { Artifact } from "../artifact/artifact.ts";
import type { Backend, LoadOptions } from "../backend/backend.ts";
import type { Session } from "../backend/session.ts";
import { AbortedError } from "../errors/aborted-error.ts";
import { MlopsError } from "../errors/mlops-error.ts";
import { ModelLoadError } from "../errors/model-load-error.ts";

/** Loads an artifact; whatever fails comes as a typed error. */
export async function loadSession(
  artifact: Artifact,
  backend: Backend,
  { signal, onProgress, threads }: LoadOptions,
): Promise<Session> {
  if (signal?.aborted) throw new AbortedError({ stage: "loading", cause: signal.reason });
  let session: Session;
  try {
    session = await backend.load(artifact, { signal, onProgress, threads });
  } catch (cause) {
    if (MlopsError.isInstance(cause)) throw cause;
    // A backend may reject with the signal's own reason.
    if (signal?.aborted) throw new AbortedError({ stage: "loading", cause: signal.reason });
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new ModelLoadError({ location: artifact.location, problem, cause });
  }
  if (signal?.aborted) {
    await session.release();
    throw new AbortedError({ stage: "loading", cause: signal.reason });
  }
  return session;
}
