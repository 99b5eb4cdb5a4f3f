/** A closed loop. */
export interface Load {
  readonly callers: number;
  /** How long it is measured. */
  readonly durationMs: number;
  /** How long the same load runs before. */
  readonly warmUpMs: number;
  /** How long the idle loop is watched, and the engine left to settle, before a load. */
  readonly idleMs: number;
  /** Between two subjects, for threads to go to sleep and the machine to calm down. */
  readonly pauseMs: number;
}

/** What a load came to, in the process of one subject. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** The 99th percentile of the event loop's delay, less its median on an idle loop. */
  readonly loopDelayP99Ms: number;
  /** The same on an idle loop, right before: what this machine's noise comes to. */
  readonly idleLoopDelayP99Ms: number;
  /** Processor time of all threads by elapsed time. */
  readonly busyCores: number;
}

/** The loads of a run. A quick one is for finding out whether everything works. */
export function createLoads({ quick }: { readonly quick: boolean }): Load[] {
  const times = quick
    ? { warmUpMs: 20, idleMs: 20, pauseMs: 0 }
    : { warmUpMs: 700, idleMs: 250, pauseMs: 150 };
  // A quick one still takes longer than the longest turn of the loop: a naive run for each caller.
  return [1, 16, 64].map((callers) => ({
    callers,
    durationMs: quick ? Math.max(40, 2 * callers) : 1500,
    ...times,
  }));
}

/** `64 callers`. */
export function nameOfLoad({ callers }: Pick<Load, "callers">): string {
  return callers === 1 ? "1 caller" : `${callers} callers`;
}
