import { end } from "./end.ts";
import { elapsedMs, isTimedOnly, stageOf } from "./gates.ts";
import { enterStage } from "./enter-stage.ts";
import type { RolloutState, Run } from "./state.ts";
import type { Step } from "./step.ts";

/**
 * Goes on from a stage whose gates are all open. Where only time ends the next stages too, and that
 * time is over as well, they are passed in the same move; a stage that is watched or approved is
 * entered now, and never passed.
 */
export function leaveStage(
  state: RolloutState,
  run: Run,
  why: { readonly actor: string; readonly reason: string },
  now: number,
): Step {
  const { actor, reason } = why;
  if (run.stage === run.policy.stages.length - 1) {
    return end(state, run, { result: "completed", actor, reason }, now);
  }
  const stage = run.stage + 1;
  const next: Run = { ...run, stage };
  if (!isTimedOnly(run) || !isTimedOnly(next)) {
    return enterStage(state, run, { stage, enteredAt: now, actor, reason });
  }
  const enteredAt = Math.min(now, run.stageEnteredAt + run.pausedMs + (stageOf(run).holdMs ?? 0));
  const entered = enterStage(state, run, { stage, enteredAt, actor, reason });
  const moved = entered.state.run!; // enterStage keeps the run.
  return elapsedMs(moved, now) >= (stageOf(moved).holdMs ?? 0)
    ? leaveStage(entered.state, moved, why, now)
    : entered;
}
