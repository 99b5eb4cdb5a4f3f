import type { RolloutState } from "../engine/state.ts";
import type { RolloutStatus } from "./status.ts";

/** What a dashboard is told when a replica learns of a newer state. */
export interface RolloutChange {
  /**
   * What happened since the state before.
   * - `started`, `stage-entered`, `completed`, `rolled-back`, `replaced`: who answers is another.
   * - `phase-changed`: it is paused, resumed, or waits for approval.
   * - `judged`: the guardrails were asked.
   */
  readonly type: RolloutChangeType;
  readonly state: RolloutState;
  readonly status: RolloutStatus;
}

/** The types of a {@link RolloutChange}. */
export type RolloutChangeType =
  | "started"
  | "stage-entered"
  | "phase-changed"
  | "judged"
  | "completed"
  | "rolled-back"
  | "replaced";

/** What happened between two states. A replica that was away may have missed some in between: the last counts. */
export function typeOfChange(before: RolloutState, after: RolloutState): RolloutChangeType {
  if (after.run === null) return after.last?.result ?? "judged";
  if (before.run === null) return "started";
  if (after.epoch !== before.epoch) return "replaced";
  if (after.run.stageRevision !== before.run.stageRevision) return "stage-entered";
  return after.run.phase === before.run.phase ? "judged" : "phase-changed";
}
