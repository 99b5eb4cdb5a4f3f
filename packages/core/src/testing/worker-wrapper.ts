import type { Artifact } from "../artifact/artifact.ts";
import type { Backend, LoadOptions } from "../backend/backend.ts";
import { UnsupportedError } from "../errors/unsupported-error.ts";
import { type RunningWorker, startWorker, type StartWorkerOptions } from "../worker/start-worker.ts";

/** A backend that lives in a worker. */
export interface WorkerBackend extends Backend, AsyncDisposable {
  /** Ends the worker, when one was started. */
  stop(): Promise<void>;
}

/**
 * The same backend in one worker, started at the first load: what `execution: "worker"` and
 * `"process"` make of it, as a backend that the conformance suite can run.
 *
 * @throws UnsupportedError `UNSUPPORTED` when the backend has no `worker`.
 */
export function workerWrapper(
  backend: Backend,
  { isolation }: Pick<StartWorkerOptions, "isolation">,
): WorkerBackend {
  const { name, worker } = backend;
  if (worker === undefined) {
    throw new UnsupportedError({
      feature: `Running the ${name} backend, as it is configured, in a worker`,
      remedy: "Give it a `worker`.",
    });
  }
  let running: Promise<RunningWorker> | undefined;
  const stop = async (): Promise<void> => {
    await (await running)?.stop();
  };
  return Object.freeze({
    specificationVersion: "v1",
    name,
    async load(artifact: Artifact, options: LoadOptions) {
      running ??= startWorker({ ...worker, isolation });
      return (await running).load(artifact, options);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  } satisfies WorkerBackend);
}
