import { openArtifact } from "../artifact/open-artifact.ts";
import { checkBackend } from "../backend/check-backend.ts";
import type { Backend, LoadOptions } from "../backend/backend.ts";
import type { Session } from "../backend/session.ts";
import type { Environment } from "../environment.ts";
import { UnsupportedError } from "../errors/unsupported-error.ts";
import type { Model } from "../model/model.ts";
import { ElasticLanes, type WorkerSession } from "../scheduling/elastic-lanes.ts";
import type { Lanes } from "../scheduling/lane.ts";
import { SessionLanes } from "../scheduling/session-lanes.ts";
import type { Warning } from "../warning.ts";
import { startWorker } from "../worker/start-worker.ts";
import { type Execution, resolveExecution, type WorkerOptions } from "./execution.ts";
import { loadSession } from "./load-session.ts";

/** Where a model runs, and what its sessions have in common. */
export interface OpenLanes {
  readonly lanes: Lanes;
  readonly session: Pick<Session, "inputs" | "outputs" | "device" | "maxBatchSize" | "warnings">;
  /** Where it runs in fact: `auto` without workers to go to is `inline`. */
  readonly execution: Execution;
  /** What goes wrong with workers later. */
  readonly laterWarnings: readonly Warning[];
}

/** What {@link openLanes} is told. */
export interface OpenLanesOptions extends LoadOptions {
  readonly model: Model<never, unknown>;
  readonly backend: Backend;
  readonly environment: Environment;
  readonly execution?: Execution | undefined;
  readonly workers?: WorkerOptions | undefined;
}

/** Loads a model where it is to run. */
export async function openLanes(options: OpenLanesOptions): Promise<OpenLanes> {
  const { model, backend, environment } = options;
  const { execution, minWorkers, maxWorkers } = resolveExecution(options.execution, options.workers);
  checkBackend(backend);
  const { worker } = backend;
  const isOnOwnThread = execution === "auto" || execution === "inline";
  if (worker === undefined && !isOnOwnThread) {
    throw new UnsupportedError({
      feature: `Running the ${backend.name} backend, as it is configured, in a worker`,
      remedy: 'Set `execution` to "inline".',
    });
  }
  const inline = isOnOwnThread ? await loadSession(model, backend, options) : undefined;
  const laterWarnings: Warning[] = [];
  if (
    inline !== undefined &&
    (worker === undefined || execution === "inline" || inline.supportsParallelRuns)
  ) {
    return { lanes: new SessionLanes(inline), session: inline, execution: "inline", laterWarnings };
  }

  const startOne = async (loadOptions: LoadOptions): Promise<WorkerSession> => {
    let isLost = false;
    const running = await startWorker({
      ...worker!,
      isolation: execution === "process" ? "process" : "thread",
      environment,
      onLost: () => {
        isLost = true;
      },
    });
    const stop = async (): Promise<void> => void (await running.stop());
    try {
      const artifact = openArtifact(model.artifact, { sha256: model.sha256 });
      const session = await running.load(artifact, loadOptions);
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
  };
  const started = await startAll(minWorkers, () => startOne(options), inline);
  const lanes = new ElasticLanes({
    inline,
    startWorker: () => startOne({}),
    workers: started,
    minWorkers,
    maxWorkers,
    environment,
    onStartFailed: (error) =>
      laterWarnings.push({ type: "other", message: `A worker could not be started: ${String(error)}` }),
  });
  return { lanes, session: inline ?? started[0]!.session, execution, laterWarnings };
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
