import type { Artifact } from "../artifact/artifact.ts";
import type { BackendWorker } from "../backend/backend-worker.ts";
import type { LoadOptions } from "../backend/backend.ts";
import type { Session } from "../backend/session.ts";
import { type Environment, systemEnvironment } from "../environment.ts";
import { AbortedError } from "../errors/aborted-error.ts";
import { UnsupportedError } from "../errors/unsupported-error.ts";
import { WorkerLostError } from "../errors/worker-lost-error.ts";
import type { ClientChannel } from "./channel.ts";
import { endOfSentence } from "./end-of-sentence.ts";
import { startProcess } from "./process-channel.ts";
import { startThread, type ThreadResourceLimits } from "./thread-channel.ts";
import { startWebWorker } from "./web-channel.ts";
import { defaultGraceMs, type StopOutcome, WorkerClient } from "./worker-client.ts";

/** Options of {@link startWorker}. */
export interface StartWorkerOptions extends BackendWorker {
  /**
   * `thread` is a thread of this process, or a web worker in a browser: a crash in native code takes
   * the whole process along. `process` is a process of its own, which can crash and be killed.
   */
  readonly isolation: "thread" | "process";
  /** Gives the start up. */
  readonly signal?: AbortSignal | undefined;
  /** Is told, once, that the worker has ended though nobody asked it to. No call needs to be under way. */
  readonly onLost?: ((error: WorkerLostError) => void) | undefined;
  /** Limits of a thread's memory; the others have none. Default the host's. */
  readonly resourceLimits?: ThreadResourceLimits | undefined;
  /** The timers to use, for tests. Default the host's. */
  readonly environment?: Environment | undefined;
}

/** Options of {@link RunningWorker.stop}. */
export interface StopOptions {
  /** Milliseconds that the worker may take to end by itself. Default 10,000. */
  readonly graceMs?: number | undefined;
}

/** A backend in a thread or process of its own. */
export interface RunningWorker {
  /**
   * As {@link Backend.load}, and the session lives in the worker. The artifact is read here.
   *
   * @throws WorkerLostError `WORKER_LOST` when the worker ends before it has answered.
   */
  load(artifact: Artifact, options: LoadOptions): Promise<Session>;
  /**
   * Takes no more calls, waits for those under way, releases all sessions and ends the worker. One
   * that does not end in time is given up, and its calls fail with `WORKER_LOST`: a process is
   * killed; a thread is left alone, because it may be inside of native code, and ends when it
   * comes back from there. Until then this process cannot end.
   *
   * @returns What became of it. A second call waits for the first.
   */
  stop(options?: StopOptions): Promise<StopOutcome>;
}

/**
 * Starts a worker and makes a backend in it.
 *
 * A worker that has nothing to do does not keep this process alive, and ends with it.
 *
 * @throws WorkerLostError `WORKER_LOST` when the worker ends before it is ready, as when its module
 *   cannot be loaded.
 * @throws UnsupportedError `UNSUPPORTED` where the host has no such workers, or the worker has
 *   another version of this package.
 * @throws AbortedError `ABORTED` when `signal` was aborted.
 * @throws What the backend throws when it is made.
 */
export async function startWorker(options: StartWorkerOptions): Promise<RunningWorker> {
  const { config, signal, onLost, environment = systemEnvironment } = options;
  if (signal?.aborted) throw new AbortedError({ stage: "loading", cause: signal.reason });
  const client = new WorkerClient({ channel: openChannel(options), config, environment, onLost });
  await client.start(signal);
  return Object.freeze({
    load: (artifact: Artifact, loadOptions: LoadOptions) => client.load(artifact, loadOptions),
    stop: ({ graceMs = defaultGraceMs }: StopOptions = {}) => client.stop(graceMs),
  } satisfies RunningWorker);
}

function openChannel({ module, isolation, resourceLimits }: StartWorkerOptions): ClientChannel {
  let channel: ClientChannel | undefined;
  try {
    channel =
      isolation === "process"
        ? typeof module === "function"
          ? undefined
          : startProcess(module)
        : typeof module === "function"
          ? startWebWorker(module)
          : (startThread(module, resourceLimits) ?? startWebWorker(module));
  } catch (cause) {
    throw new WorkerLostError({ problem: `it could not be started (${endOfSentence(cause)})`, cause });
  }
  if (channel !== undefined) return channel;
  throw new UnsupportedError({
    feature:
      isolation === "process" ? "Running a model in a process of its own" : "Running a model in a worker",
    remedy: "This host has none; run it inline.",
  });
}
