import { openArtifact } from "../artifact/open-artifact.ts";
import type { Backend, LoadOptions } from "../backend/backend.ts";
import type { Session } from "../backend/session.ts";
import { AbortedError } from "../errors/aborted-error.ts";
import { MlopsError } from "../errors/mlops-error.ts";
import { ModelLoadError } from "../errors/model-load-error.ts";
import type { Model } from "../model/model.ts";

/** Opens the model's artifact and loads it; whatever fails comes as a typed error. */
export async function loadSession(
  model: Model<never, unknown>,
  backend: Backend,
  { signal, onProgress }: LoadOptions,
): Promise<Session> {
  if (signal?.aborted) throw new AbortedError({ stage: "loading", cause: signal.reason });
  const artifact = openArtifact(model.artifact, { sha256: model.sha256 });
  let session: Session;
  try {
    session = await backend.load(artifact, { signal, onProgress });
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
