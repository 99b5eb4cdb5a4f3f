import type { GuardrailRecord, RolloutState, Run } from "./state.ts";
import type { Step } from "./step.ts";

/** Moves a rollout into a stage, where all evidence begins anew. */
export function enterStage(
  state: RolloutState,
  run: Run,
  change: {
    readonly stage: number;
    readonly enteredAt: number;
    readonly actor: string;
    readonly reason: string;
  },
): Step {
  const { stage, enteredAt, actor, reason } = change;
  const entered: Run = {
    ...run,
    phase: "running",
    reason,
    stage,
    stageEnteredAt: enteredAt,
    stageRevision: state.revision + 1,
    pausedMs: 0,
    pausedAt: null,
    guardrails: Object.fromEntries(
      Object.entries(run.guardrails).map(([name, record]) => [name, withoutVerdict(record)]),
    ),
    approvedBy: [],
  };
  return { state: { ...state, run: entered }, transition: { type: "stage-entered", reason, actor } };
}

function withoutVerdict(record: GuardrailRecord): GuardrailRecord {
  return { ...record, verdict: null, since: null, consecutiveFailures: 0 };
}
