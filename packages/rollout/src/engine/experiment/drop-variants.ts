import { end } from "../end.ts";
import type { RolloutState, Run } from "../state.ts";
import type { Step } from "../step.ts";
import { liveVariants } from "./begin-experiment.ts";

/** Who or what takes a version back, and why. */
export interface DropCause {
  readonly actor: string;
  readonly reason: string;
  /** Of an experiment: the version. Absent: all of them. */
  readonly variant?: string | undefined;
}

/** Takes versions out of an experiment: the stable version answers their keys. With the last of them it is rolled back. */
export function dropVariants(state: RolloutState, run: Run, causes: readonly DropCause[], now: number): Step {
  const live = liveVariants(run);
  const blamed = live.filter((version) =>
    causes.some(({ variant }) => variant === undefined || variant === version),
  );
  const causeOf = (version: string): DropCause =>
    causes.find(({ variant }) => variant === undefined || variant === version)!; // Those that are blamed have one.
  const left = live.filter((version) => !blamed.includes(version));
  const { actor } = causes[0]!;
  const reason = blamed.map((version) => `${version}: ${causeOf(version).reason}`).join("; ");
  if (left.length === 0) return end(state, run, { result: "rolled-back", actor, reason }, now);
  const out = blamed.map((version) => ({ version, reason: causeOf(version).reason }));
  const experiment = run.experiment!; // Only an experiment has versions to drop.
  const next: Run = {
    ...run,
    // Who waited for an approval may be the one that is out.
    phase: run.phase === "paused" ? "paused" : "running",
    approvedBy: [],
    candidate: left.includes(run.candidate) ? run.candidate : left[0]!,
    reason,
    experiment: { ...experiment, dropped: [...experiment.dropped, ...out] },
  };
  return { state: { ...state, run: next }, transition: { type: "variant-dropped", reason, actor } };
}
