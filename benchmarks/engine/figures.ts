import type { Goal } from "../lib/goal.ts";
import type { BenchmarkModel } from "./models.ts";
import { type Load, type LoadResult, nameOfLoad } from "./load.ts";
import { batcherName, naiveName, tunedName } from "./subjects.ts";

/** What is measured under load: its title in the tables, its unit, and where it stands in a {@link LoadResult}. */
export const loadFigures: readonly {
  readonly title: string;
  readonly unit: string;
  readonly key: keyof LoadResult;
}[] = [
  { title: "requests/s", unit: "requests/s", key: "requestsPerSecond" },
  { title: "p50", unit: "ms", key: "p50Ms" },
  { title: "p95", unit: "ms", key: "p95Ms" },
  { title: "p99", unit: "ms", key: "p99Ms" },
  { title: "loop delay p99", unit: "ms", key: "loopDelayP99Ms" },
  { title: "idle loop delay p99", unit: "ms", key: "idleLoopDelayP99Ms" },
  { title: "busy cores", unit: "cores", key: "busyCores" },
];

/** `big, 64 callers, p99`. */
export function nameOfFigure(
  model: BenchmarkModel["name"],
  load: Pick<Load, "callers">,
  title: string,
): string {
  return `${model}, ${nameOfLoad(load)}, ${title}`;
}

/** `big, peak memory`. */
export function nameOfMemory(model: BenchmarkModel["name"]): string {
  return `${model}, peak memory`;
}

/** `big, overhead p50`, in microseconds. */
export function nameOfOverhead(model: BenchmarkModel["name"]): string {
  return `${model}, 1 caller, overhead p50`;
}

/** What is asked of our engine: `against` a peer as a ratio, or by itself. */
export interface EngineGoal {
  readonly figure: string;
  readonly unit: string;
  readonly against?: string | undefined;
  /** Left out where the figure is only reported. */
  readonly goal?: Goal | undefined;
}

const throughputGoals = { small: ">= 10", mid: ">= 3", big: ">= 8" } as const satisfies Record<string, Goal>;

/** The goals of a model, in the order of the report. */
export function goalsOf(model: BenchmarkModel["name"]): EngineGoal[] {
  const name = (callers: number, title: string): string => nameOfFigure(model, { callers }, title);
  const isBig = model === "big";
  const rate = { unit: "requests/s" };
  const loopDelay = { figure: name(64, "loop delay p99"), unit: "ms" };
  return [
    { figure: name(64, "requests/s"), ...rate, against: naiveName, goal: throughputGoals[model] },
    { figure: name(64, "requests/s"), ...rate, against: tunedName },
    { figure: name(64, "requests/s"), ...rate, against: batcherName, goal: ">= 1" },
    { figure: name(16, "requests/s"), ...rate, against: naiveName },
    { figure: name(16, "requests/s"), ...rate, against: batcherName },
    { figure: name(1, "requests/s"), ...rate, against: naiveName, goal: ">= 0.95" },
    { figure: name(1, "requests/s"), ...rate, against: tunedName },
    { figure: name(64, "p99"), unit: "ms", against: naiveName, goal: "<= 0.1667" },
    { ...loopDelay, against: naiveName, goal: isBig ? "<= 0.025" : undefined },
    { ...loopDelay, goal: isBig ? "<= 5" : undefined },
    // A core that runs a 50 MB model for a millisecond has noise of more than microseconds.
    { figure: nameOfOverhead(model), unit: "µs", goal: model === "small" ? "<= 5" : undefined },
    { figure: nameOfMemory(model), unit: "MB", against: naiveName },
  ];
}
