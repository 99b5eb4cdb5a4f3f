import { RolloutConflictError } from "../errors/rollout-conflict-error.ts";
import type { RolloutEvent } from "./event.ts";
import { enterStage } from "./enter-stage.ts";
import { beginExperiment } from "./experiment/begin-experiment.ts";
import { isHealthy } from "./gates.ts";
import type { GuardrailRecord, RolloutState, Run } from "./state.ts";
import type { Step } from "./step.ts";

/** Begins a rollout in its first stage. One under way is replaced where its policy allows that. */
export function start(
  state: RolloutState,
  event: Extract<RolloutEvent, { readonly type: "start" }>,
  now: number,
): Step {
  const { actor, candidate, policy, isBudgetLeft = true, budget } = event;
  const { run } = state;
  if (run !== null && run.policy.onNewCandidate === "reject") {
    throw new RolloutConflictError(
      `${run.candidate} is being rolled out. Promote or abort it, or let its policy have onNewCandidate: "replace".`,
      { reason: "rollout-under-way" },
    );
  }
  const stable = stableAfter(state);
  if (candidate === stable && run === null) {
    throw new RolloutConflictError(`${candidate} is the stable version already.`, {
      reason: "already-stable",
    });
  }
  if (!isBudgetLeft && policy.onBudgetSpent !== "ignore") {
    const why = budget === undefined ? "" : `: ${budget.reason}`;
    throw new RolloutConflictError(
      `The error budget has no room for a rollout${why}. Wait until it recovers, or give the policy of an urgent fix onBudgetSpent: "ignore".`,
      { reason: "error-budget-spent" },
    );
  }
  const begun: Run = {
    candidate,
    policy,
    phase: "running",
    reason: "",
    startedAt: now,
    startedBy: actor,
    stage: 0,
    stageEnteredAt: now,
    stageRevision: 0,
    pausedMs: 0,
    pausedAt: null,
    nextTickAt: now,
    guardrails: Object.fromEntries(policy.guardrails.map(({ name }) => [name, freshRecord])),
    approvedBy: [],
    ...(policy.experiment !== undefined && {
      experiment: beginExperiment(policy.experiment, { candidate, stable, now }),
    }),
    ...(budget !== undefined && { budget }),
  };
  const last =
    run === null
      ? state.last
      : ({
          result: "replaced",
          candidate: run.candidate,
          reason: `${candidate} took its place`,
          actor,
          at: now,
        } as const);
  const next = { ...state, stable, last, epoch: state.epoch + 1 };
  const reason = `${actor} started ${candidate}`;
  const entered = enterStage(next, begun, { stage: 0, enteredAt: now, actor, reason });
  return { ...entered, transition: { type: "started", reason, actor } };
}

/**
 * The version to go back to from the next candidate: the last healthy one. What was being rolled
 * out is that only when it answered everybody and every guardrail had passed it.
 */
function stableAfter({ stable, run }: RolloutState): string | null {
  return run !== null && isHealthy(run) ? run.candidate : stable;
}

const freshRecord: GuardrailRecord = {
  verdict: null,
  since: null,
  consecutiveFailures: 0,
  totalFailures: 0,
  totalErrors: 0,
};
