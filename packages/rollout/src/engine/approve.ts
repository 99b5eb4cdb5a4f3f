import { RolloutConflictError } from "../errors/rollout-conflict-error.ts";
import type { RolloutEvent } from "./event.ts";
import { stageOf } from "./gates.ts";
import { leaveStage } from "./leave-stage.ts";
import type { RolloutState, Run } from "./state.ts";
import type { Step } from "./step.ts";

/** Takes an approval: of this stage, when nothing else is open, by somebody who may and has not yet. */
export function approve(
  state: RolloutState,
  run: Run,
  { actor, stageRevision, version = run.candidate }: Extract<RolloutEvent, { readonly type: "approve" }>,
  now: number,
): Step {
  if (stageRevision !== run.stageRevision) {
    throw new RolloutConflictError(
      `The stage that ${actor} approves is over. Look at the one that is under way.`,
      {
        reason: "stage-is-over",
      },
    );
  }
  if (version !== run.candidate) {
    throw new RolloutConflictError(
      `${version}, which ${actor} approves, does not lead any more. Look at ${run.candidate}, which does.`,
      { reason: "not-a-variant" },
    );
  }
  if (run.phase !== "awaiting-approval") {
    throw new RolloutConflictError(`There is nothing to approve yet: ${run.reason}.`, {
      reason: "not-awaiting-approval",
    });
  }
  if (actor === run.startedBy && !run.policy.allowSelfApproval) {
    throw new RolloutConflictError(`${actor} started the rollout; somebody else has to approve it.`, {
      reason: "self-approval",
    });
  }
  if (run.approvedBy.includes(actor)) {
    throw new RolloutConflictError(`${actor} has approved this stage before.`, { reason: "approved-before" });
  }
  const approvedBy = [...run.approvedBy, actor];
  const approved: Run = { ...run, approvedBy, reason: `approved by ${approvedBy.join(", ")}` };
  if (approvedBy.length >= stageOf(run).approvals) {
    return leaveStage(state, approved, { actor, reason: approved.reason }, now);
  }
  return {
    state: { ...state, run: approved },
    transition: { type: "approved", reason: approved.reason, actor },
  };
}
