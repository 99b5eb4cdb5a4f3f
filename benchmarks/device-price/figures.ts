import type { Goal } from "../lib/goal.ts";
import type { Scenario } from "./scenarios.ts";

/** Something that is measured of every subject. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** What we ask of our server, as a ratio to Flask's figure. */
  readonly goal?: Goal | undefined;
  /** What we ask of our server alone, whatever Flask does. */
  readonly ownGoal?: Goal | undefined;
}

/** From the start of the process to the first good answer. */
export const coldStart: Figure = { name: "cold start", unit: "ms", goal: "<= 1" };

/** The most resident memory during a round. */
export const peakMemory: Figure = { name: "peak memory", unit: "MB", goal: "<= 2" };

/** What is measured under load, in the order of the tables. */
export const loadFigures = ["mean", "p50", "p95", "p99", "max", "requests/s", "error rate"] as const;

/** One of {@link loadFigures}. */
export type LoadFigure = (typeof loadFigures)[number];

const goals: Readonly<Partial<Record<LoadFigure, Goal>>> = {
  mean: "<= 0.5",
  p99: "<= 0.5",
  "requests/s": ">= 2",
};

/** A figure of a load. */
export function loadFigure(scenario: Scenario, figure: LoadFigure): Figure {
  const name = `${scenario.name}, ${figure}`;
  if (figure === "error rate") return { name, unit: "fraction", ownGoal: "<= 0" };
  return { name, unit: figure === "requests/s" ? "requests/s" : "ms", goal: goals[figure] };
}

/** All figures of a run. */
export function allFigures(scenarios: readonly Scenario[]): Figure[] {
  const underLoad = scenarios.flatMap((scenario) =>
    loadFigures.map((figure) => loadFigure(scenario, figure)),
  );
  return [coldStart, peakMemory, ...underLoad];
}
