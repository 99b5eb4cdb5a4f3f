import { InvalidOptionsError } from "../errors/invalid-options-error.ts";

/**
 * Where a model runs.
 *
 * - `auto`: on the caller's thread what is quicker than the way to another one, and the rest in
 *   workers, which are started when they are first needed. The model is then in memory once more
 *   for each worker.
 * - `inline`: on the caller's thread. Nothing else happens there during a run.
 * - `worker`: in threads of their own. The caller's thread stays free.
 * - `process`: in processes of their own, whose crash leaves this one alone.
 */
export type Execution = "auto" | "inline" | "worker" | "process";

/** How many workers there are. */
export interface WorkerOptions {
  /** Workers that are kept without work. Default 0, or 1 where nothing runs on the caller's thread. */
  readonly min?: number | undefined;
  /** The most workers. Default 1, as each run uses all cores already; of a `CoreBudget` as many as can run side by side. */
  readonly max?: number | undefined;
}

const executions: readonly unknown[] = ["auto", "inline", "worker", "process"] satisfies Execution[];

const oneRunAtATime = Object.freeze({ cores: 1, threadsPerRun: 1 });

/** The options with their defaults, checked. */
export function resolveExecution(
  execution: Execution = "auto",
  { min, max }: WorkerOptions = {},
  { cores, threadsPerRun }: { readonly cores: number; readonly threadsPerRun: number } = oneRunAtATime,
): { readonly execution: Execution; readonly minWorkers: number; readonly maxWorkers: number } {
  if (!executions.includes(execution)) {
    throw new InvalidOptionsError({
      option: "execution",
      problem: `is ${JSON.stringify(execution)}; it has to be one of ${executions.join(", ")}`,
    });
  }
  const least = execution === "worker" || execution === "process" ? 1 : 0;
  const minWorkers = min ?? least;
  const maxWorkers = max ?? Math.max(minWorkers, Math.floor(cores / threadsPerRun));
  const isRange = Number.isInteger(minWorkers) && Number.isInteger(maxWorkers) && minWorkers <= maxWorkers;
  if (!isRange || minWorkers < least || maxWorkers < 1) {
    throw new InvalidOptionsError({
      option: "workers",
      problem: `is from ${String(minWorkers)} to ${String(maxWorkers)}; min has to be at least ${least}, and max at least 1 and min`,
    });
  }
  return { execution, minWorkers, maxWorkers };
}
