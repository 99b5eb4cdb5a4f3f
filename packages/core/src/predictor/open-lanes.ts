import { openArtifact } from "../artifact/open-artifact.ts";
import { checkBackend } from "../backend/check-backend.ts";
import type { Backend, LoadOptions } from "../backend/backend.ts";
import type { Session } from "../backend/session.ts";
import type { Environment } from "../environment.ts";
import { UnsupportedError } from "../errors/unsupported-error.ts";
import { WorkerLostError } from "../errors/worker-lost-error.ts";
import type { Model } from "../model/model.ts";
import type { Lanes } from "../scheduling/lane.ts";
import { SessionLanes } from "../scheduling/session-lanes.ts";
import type { Warning } from "../warning.ts";
import { type Execution, resolveExecution, type WorkerOptions } from "./execution.ts";
import type { CoreBudget } from "../lifecycle/core-budget.ts";
import type { SessionMemory } from "../lifecycle/memory-account.ts";
import { loadSession } from "./load-session.ts";
import type { OpenWorkerLanes, WorkerLanes } from "./open-worker-lanes.ts";
import type { SessionWarmUp } from "./warm-up.ts";

/** Where a model runs, and what its sessions have in common. */
export interface OpenLanes {
  readonly lanes: Lanes;
  readonly session: Pick<
    Session,
    "inputs" | "outputs" | "device" | "maxBatchSize" | "warnings" | "rowDependence"
  >;
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
  const { backend, environment, cores, weight = 1, laterWarnings, onRunEnded } = options;
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
  const isGoverned = cores !== undefined || onRunEnded !== undefined;
  const governing = isGoverned ? await import("../lifecycle/governed-lanes.ts") : undefined;
  const govern = (lanes: Lanes, session: Session): Lanes => {
    const { threads: ownThreads = threads } = session;
    const isFree = cores === undefined || ownThreads === undefined || ownThreads === 0;
    const demand = isFree ? undefined : { cores, weight, threads: ownThreads };
    if (governing === undefined || (demand === undefined && onRunEnded === undefined)) return lanes;
    return new governing.GovernedLanes({ lanes, demand, environment, onRunEnded });
  };
  const loadOptions = { signal: options.signal, onProgress: options.onProgress, threads };
  const inline = isOnOwnThread ? await loadInline(options, loadOptions) : undefined;
  const staysHere = worker === undefined || execution === "inline" || inline?.supportsParallelRuns === true;
  if (inline !== undefined && staysHere) {
    const lanes = govern(new SessionLanes(inline), inline);
    return { lanes, session: inline, execution: "inline", laterWarnings };
  }

  let hasStarted = false;
  let opened: WorkerLanes;
  try {
    const openWorkerLanes = await importWorkerLanes(inline);
    opened = await openWorkerLanes({
      ...options,
      // There is one wherever this comes to run: else it was refused, or the session is on this thread.
      worker: worker!,
      isolation: execution === "process" ? "process" : "thread",
      minWorkers,
      maxWorkers,
      inline,
      loadOptions,
      onStarted: () => {
        hasStarted = true;
      },
    });
  } catch (error) {
    const isWithoutWorkers = WorkerLostError.isInstance(error) || UnsupportedError.isInstance(error);
    // `auto` may have meant a worker where the page's policy allows none, or its file is not there.
    if (!isAuto || hasStarted || inline !== undefined || !isWithoutWorkers) throw error;
    const message = `The model runs on the caller's thread, as no worker could be started: ${error.message}`;
    laterWarnings.push({ type: "other", message });
    return openLanes({ ...options, execution: "inline" });
  }
  const { lanes, session } = opened;
  return { lanes: govern(lanes, session), session, execution, laterWarnings };
}

/** What starts workers is loaded where there are any: in a page it is a quarter of what runs a model. */
async function importWorkerLanes(inline: Session | undefined): Promise<OpenWorkerLanes> {
  try {
    return (await import("./open-worker-lanes.ts")).openWorkerLanes;
  } catch (cause) {
    await inline?.release();
    throw new WorkerLostError({ problem: "what starts it could not be loaded", cause });
  }
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
