import type { Artifact } from "../artifact/artifact.ts";
import type { Backend, LoadOptions } from "../backend/backend.ts";
import type { RunOptions, Session } from "../backend/session.ts";
import type { TensorMap } from "../tensor/tensor.ts";

/** What a wrapper does in place of a backend; the session is the backend's own. Default: the same. */
export interface BackendChange {
  readonly load?: (backend: Backend, artifact: Artifact, options: LoadOptions) => Promise<Session>;
  /** Changes what is there to be read of a session. */
  readonly describe?: (session: Session) => Partial<Session>;
  readonly doRun?: (session: Session, inputs: TensorMap, options: RunOptions) => Promise<TensorMap>;
  readonly release?: (session: Session) => Promise<void>;
}

/**
 * A backend around another one. It has no worker of its own: a worker would make the backend
 * without the wrapper.
 */
export function wrapBackend(backend: Backend, change: BackendChange): Backend {
  const { load = loadAsItIs, describe, doRun = runAsItIs, release = releaseAsItIs } = change;
  return Object.freeze({
    specificationVersion: "v1",
    name: backend.name,
    async load(artifact: Artifact, options: LoadOptions): Promise<Session> {
      const session = await load(backend, artifact, options);
      const {
        inputs,
        outputs,
        device,
        maxBatchSize,
        supportsParallelRuns,
        precision,
        warnings = [],
        rowDependence,
      } = session;
      return Object.freeze({
        inputs,
        outputs,
        device,
        maxBatchSize,
        supportsParallelRuns,
        precision,
        warnings,
        rowDependence,
        ...describe?.(session),
        doRun: (tensors: TensorMap, runOptions: RunOptions) => doRun(session, tensors, runOptions),
        release: () => release(session),
      } satisfies Session);
    },
  } satisfies Backend);
}

const loadAsItIs: BackendChange["load"] & {} = (backend, artifact, options) =>
  backend.load(artifact, options);
const runAsItIs: BackendChange["doRun"] & {} = (session, inputs, options) => session.doRun(inputs, options);
const releaseAsItIs: BackendChange["release"] & {} = (session) => session.release();
