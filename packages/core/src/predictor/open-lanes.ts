import { openArtifact } from "../artifact/open-artifact.ts";
import { checkBackend } from "../backend/check-backend.ts";
import type { Backend, LoadOptions } from "../backend/backend.ts";
import type { Session } from "../backend/session.ts";
import type { Environment } from "../environment.ts";
import { UnsupportedError } from "../errors/unsupported-error.ts";
import { WorkerLostError } from "../errors/worker-lost-error.ts";
import type { Model } from "../model/model.ts";
import { ElasticLanes, type WorkerSession } from "../scheduling/elastic-lanes.ts";
import type { Lanes } from "../scheduling/lane.ts";
import { SessionLanes } from "../scheduling/session-lanes.ts";
import type { Warning } from "../warning.ts";
import { startWorker } from "../worker/start-worker.ts";
import { type Execution, resolveExecution, type WorkerOptions } from "./execution.ts";
import type { CoreBudget } from "../lifecycle/core-budget.ts";
import { GovernedLanes } from "../lifecycle/governed-lanes.ts";
import type { SessionMemory } from "../lifecycle/memory-account.ts";
import { loadSession } from "./load-session.ts";
import type { SessionWarmUp } from "./warm-up.ts";

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
  /** Runs each session for a first time. */
  readonly warmUp: SessionWarmUp;
  /** Where it is written what goes wrong with workers later. */
  readonly laterWarnings: Warning[];
  readonly cores?: CoreBudget | undefined;
  readonly weight?: number | undefined;
  /** Called whenever a run has ended. */
  readonly onRunEnded?: (() => void) | undefined;
  /** Opens the account of a session's memory. That of the session on this thread is closed by who closes all. */
  readonly claimMemory?: (() => SessionMemory) | undefined;
}

/** Loads a model where it is to run. */
export async function openLanes(options: OpenLanesOptions): Promise<OpenLanes> {
  const { model, backend, environment, cores, weight = 1, warmUp, laterWarnings, onRunEnded } = options;
  checkBackend(backend);
  const { worker } = backend;
  const isAuto = options.execution === undefined || options.execution === "auto";
  const { execution, minWorkers, maxWorkers } = resolveExecution(
    isAuto && worker?.isPreferred ? "worker" : options.execution,
    options.workers,
    cores,
  );
  const isOnOwnThread = execution === "auto" || execution === "inline";
  if (worker === undefined && !isOnOwnThread) {
    throw new UnsupportedError({
      feature: `Running the ${backend.name} backend, as it is configured, in a worker`,
      remedy: 'Set `execution` to "inline".',
    });
  }
  const threads = cores?.threadsPerRun;
  const govern = (lanes: Lanes, session: Session): Lanes => {
    const { threads: ownThreads = threads } = session;
    const isFree = cores === undefined || ownThreads === undefined || ownThreads === 0;
    const demand = isFree ? undefined : { cores, weight, threads: ownThreads };
    if (demand === undefined && onRunEnded === undefined) return lanes;
    return new GovernedLanes({ lanes, demand, environment, onRunEnded });
  };
  const loadOptions = { signal: options.signal, onProgress: options.onProgress, threads };
  const inline = isOnOwnThread ? await loadInline(options, loadOptions) : undefined;
  if (
    inline !== undefined &&
    (worker === undefined || execution === "inline" || inline.supportsParallelRuns)
  ) {
    const lanes = govern(new SessionLanes(inline), inline);
    return { lanes, session: inline, execution: "inline", laterWarnings };
  }

  let hasStarted = false;
  const startOne = async (given: LoadOptions): Promise<WorkerSession> => {
    let isLost = false;
    const memory = options.claimMemory?.();
    const running = await startWorker({
      ...worker!,
      isolation: execution === "process" ? "process" : "thread",
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
    hasStarted = true;
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
  };
  let started: WorkerSession[];
  try {
    started = await startAll(minWorkers, () => startOne(loadOptions), inline);
  } catch (error) {
    const isWithoutWorkers = WorkerLostError.isInstance(error) || UnsupportedError.isInstance(error);
    // `auto` may have meant a worker where the page's policy allows none, or its file is not there.
    if (!isAuto || hasStarted || inline !== undefined || !isWithoutWorkers) throw error;
    const message = `The model runs on the caller's thread, as no worker could be started: ${error.message}`;
    laterWarnings.push({ type: "other", message });
    return openLanes({ ...options, execution: "inline" });
  }
  const session = inline ?? started[0]!.session;
  const lanes = new ElasticLanes({
    inline,
    startWorker: () => startOne({ threads }),
    workers: started,
    minWorkers,
    maxWorkers,
    environment,
    onStartFailed: (error) =>
      laterWarnings.push({ type: "other", message: `A worker could not be started: ${String(error)}` }),
  });
  return { lanes: govern(lanes, session), session, execution, laterWarnings };
}

/** Loads and warms up the session on this thread, or leaves nothing behind. */
async function loadInline(options: OpenLanesOptions, loadOptions: LoadOptions): Promise<Session> {
  const { model, backend, warmUp, claimMemory } = options;
  const memory = claimMemory?.();
  const artifact = openArtifact(model.artifact, { sha256: model.sha256 });
  let session: Session | undefined;
  try {
    session = await loadSession(memory?.meter(artifact) ?? artifact, backend, loadOptions);
    await memory?.settle(session);
    await warmUp.run(session, artifact.location, loadOptions);
  } catch (error) {
    // What made the load fail is to be told, not that its remains could not be freed either.
    await session?.release().catch(() => {});
    memory?.release();
    throw error;
  }
  return session;
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
