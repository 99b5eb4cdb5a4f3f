/** The parts of an event in Chromium's trace that are read. Times are in microseconds. */
export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** How long it took, and how much of that the thread was computing. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: unknown };
}

/** The tasks of a page's main thread. */
export interface MainThreadTasks {
  readonly count: number;
  /** Milliseconds of the longest, by the clock and in processor time. */
  readonly longestMs: number;
  readonly longestComputingMs: number;
  /** How many took over 50 ms, by the clock and in processor time. */
  readonly long: number;
  readonly longComputing: number;
}

const longMs = 50;

/**
 * Reads the main threads' tasks from a trace of the category `toplevel`. On a busy machine a task takes
 * long because others compute; its processor time says what the page itself is to blame for.
 *
 * @throws Error when there is none: then the trace is not what it is taken for.
 */
export function readMainThreadTasks(events: readonly TraceEvent[]): MainThreadTasks {
  const mainThreads = new Set(
    events
      .filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = events.filter(
    ({ name, ph, pid, tid }) =>
      name === "ThreadControllerImpl::RunTask" && ph === "X" && mainThreads.has(`${pid} ${tid}`),
  );
  if (tasks.length === 0) throw new Error("The trace has no task of a page's main thread.");
  const times = tasks.map(({ dur = 0 }) => dur / 1000);
  if (tasks.every(({ tdur }) => tdur === undefined)) throw new Error("The trace has no processor times.");
  // Chromium leaves it out of a few: they are taken to have computed all the time.
  const computing = tasks.map(({ dur = 0, tdur = dur }) => tdur / 1000);
  const longest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b));
  const countLong = (values: readonly number[]): number => values.filter((value) => value > longMs).length;
  return {
    count: tasks.length,
    longestMs: longest(times),
    longestComputingMs: longest(computing),
    long: countLong(times),
    longComputing: countLong(computing),
  };
}
