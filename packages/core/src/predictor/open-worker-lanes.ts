import { openArtifact } from "../artifact/open-artifact.ts";
import type { BackendWorker } from "../backend/backend-worker.ts";
import type { LoadOptions } from "../backend/backend.ts";
import type { Session } from "../backend/session.ts";
import { ElasticLanes, type WorkerSession } from "../scheduling/elastic-lanes.ts";
import { startWorker, type StartWorkerOptions } from "../worker/start-worker.ts";
import type { OpenLanesOptions } from "./open-lanes.ts";

/** What {@link openWorkerLanes} is told. */
export interface WorkerLanesOptions extends Pick<
  OpenLanesOptions,
  "model" | "environment" | "warmUp" | "laterWarnings" | "claimMemory"
> {
  readonly worker: BackendWorker;
  readonly isolation: StartWorkerOptions["isolation"];
  readonly minWorkers: number;
  readonly maxWorkers: number;
  /** The session on this thread, where there is one. It is released if this fails. */
  readonly inline: Session | undefined;
  /** How the workers that are there from the beginning load the model; later ones have its `threads` only. */
  readonly loadOptions: LoadOptions;
  /** Called when a worker has started, before it has loaded anything. */
  readonly onStarted: () => void;
}

/** Lanes that lead to workers, and a session that tells what all of them are like. */
export interface WorkerLanes {
  readonly lanes: ElasticLanes;
  readonly session: Session;
}

/** As {@link openWorkerLanes}, for who loads it when it is needed. */
export type OpenWorkerLanes = typeof openWorkerLanes;

/**
 * Starts the least number of workers, and loads the model in each.
 *
 * @throws WorkerLostError `WORKER_LOST` when one cannot be started.
 * @throws UnsupportedError `UNSUPPORTED` where the host has no such workers.
 */
export async function openWorkerLanes(options: WorkerLanesOptions): Promise<WorkerLanes> {
  const { inline, minWorkers, maxWorkers, environment, loadOptions, laterWarnings } = options;
  const started = await startAll(minWorkers, () => startOne(options, loadOptions), inline);
  const lanes = new ElasticLanes({
    inline,
    startWorker: () => startOne(options, { threads: loadOptions.threads }),
    workers: started,
    minWorkers,
    maxWorkers,
    environment,
    onStartFailed: (error) =>
      laterWarnings.push({ type: "other", message: `A worker could not be started: ${String(error)}` }),
  });
  // Without a session here there is a worker at least.
  return { lanes, session: inline ?? started[0]!.session };
}

/** Starts a worker and warms the model up in it, or leaves nothing behind. */
async function startOne(options: WorkerLanesOptions, given: LoadOptions): Promise<WorkerSession> {
  const { model, worker, isolation, environment, warmUp, claimMemory, onStarted } = options;
  let isLost = false;
  const memory = claimMemory?.();
  const running = await startWorker({
    ...worker,
    isolation,
    environment,
    signal: given.signal,
    onLost: () => {
      isLost = true;
      memory?.release();
    },
  }).catch((error: unknown) => {
    memory?.release();
    throw error;
  });
  onStarted();
  const stop = async (): Promise<void> => {
    await running.stop();
    memory?.release();
  };
  try {
    const artifact = openArtifact(model.artifact, { sha256: model.sha256 });
    const session = await running.load(memory?.meter(artifact) ?? artifact, given);
    await memory?.settle(session);
    await warmUp.run(session, artifact.location, given);
    return {
      session,
      stop,
      get isLost() {
        return isLost;
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts `count` workers, or none: when one fails, the others and the inline session are given back. */
async function startAll(
  count: number,
  start: () => Promise<WorkerSession>,
  inline: Session | undefined,
): Promise<WorkerSession[]> {
  const results = await Promise.allSettled(Array.from({ length: count }, start));
  const started = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failure = results.find((result) => result.status === "rejected");
  if (failure === undefined) return started;
  await Promise.allSettled([inline?.release(), ...started.map((worker) => worker.stop())]);
  throw failure.reason;
}
