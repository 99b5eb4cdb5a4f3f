import type { Verdict } from "../guardrail/verdict.ts";
import { type GuardrailRule, isAsked } from "../policy/policy.ts";
import { end } from "./end.ts";
import type { RolloutEvent } from "./event.ts";
import { compareVariants } from "./experiment/compare-variants.ts";
import { type DropCause, dropVariants } from "./experiment/drop-variants.ts";
import { closedGuardrails, countedRules, elapsedMs, isDropped, stageOf } from "./gates.ts";
import { leaveStage } from "./leave-stage.ts";
import { type GuardrailRecord, patienceByStatus, type RolloutState, type Run } from "./state.ts";
import type { Step } from "./step.ts";

type Tick = Extract<RolloutEvent, { readonly type: "tick" }>;

/**
 * Hears the guardrails. What rolls back comes first, whatever the stage waits for; then what has
 * been waited for in vain; then time and evidence; and approval last of all.
 *
 * A tick that comes before its time, or whose verdicts are of another stage, changes nothing: so
 * many replicas together count as one.
 */
export function tick(state: RolloutState, before: Run, event: Tick, now: number): Step {
  const isForThisStage = event.stageRevision === before.stageRevision;
  if (!isForThisStage || now < before.nextTickAt) return { state, transition: undefined };

  const run: Run = {
    ...before,
    nextTickAt: now + before.policy.tickMs,
    guardrails: record(before, event.verdicts, now),
    ...(event.budget !== undefined && { budget: event.budget }),
  };
  const heard: RolloutState = { ...state, run };

  const failures = findFailures(run);
  if (failures.length > 0) return rollBack(heard, run, failures, now);
  if (run.phase === "paused") return { state: heard, transition: undefined };

  const impatience = findImpatience(run, now);
  if (impatience?.afterwards === "rollback") return rollBack(heard, run, [impatience], now);
  if (impatience?.afterwards === "pause") return pauseFor(heard, run, impatience, now);

  const compared = run.experiment === undefined ? undefined : compareVariants(heard, run, event, now);
  if (compared?.step !== undefined) return compared.step;
  if (compared?.pause !== undefined) return pauseFor(heard, compared.run, compared.pause, now);
  const leading = compared?.run ?? run;
  const waitsFor = compared?.waitsFor ?? whatItWaitsFor(leading, event, now);
  if (waitsFor !== undefined) return wait(heard, leading, waitsFor);
  const { approvals } = stageOf(run);
  if (leading.approvedBy.length < approvals) return awaitApproval(heard, leading, event.actor);
  return leaveStage(heard, leading, { actor: "policy", reason: compared?.why ?? whyItGoesOn(run) }, now);
}

/** Takes the candidate back; of an experiment, only the versions that are to blame. */
function rollBack(state: RolloutState, run: Run, causes: readonly DropCause[], now: number): Step {
  return run.experiment === undefined
    ? end(state, run, { result: "rolled-back", ...causes[0]! }, now)
    : dropVariants(state, run, causes, now);
}

/** Adds what the guardrails said to what they said before. */
function record(run: Run, verdicts: Tick["verdicts"], now: number): Run["guardrails"] {
  return Object.fromEntries(
    run.policy.guardrails.map((rule) => {
      const { name } = rule;
      if (!isAsked(rule, stageOf(run)) || isDropped(run, rule.variant)) return [name, run.guardrails[name]!];
      const verdict = Object.hasOwn(verdicts, name) ? verdicts[name]! : absent;
      return [name, recordOne(run.guardrails[name]!, verdict, now)];
    }),
  );
}

const absent: Verdict = {
  status: "error",
  reason: "it gave no verdict",
  evidence: { samples: 0 },
};

function recordOne(before: GuardrailRecord, verdict: Verdict, now: number): GuardrailRecord {
  const isFailure = verdict.status === "fail";
  return {
    verdict,
    since: before.verdict?.status === verdict.status ? before.since : now,
    // What is no verdict on the candidate ends no row of failures.
    consecutiveFailures: isFailure
      ? before.consecutiveFailures + 1
      : verdict.status === "pass"
        ? 0
        : before.consecutiveFailures,
    totalFailures: before.totalFailures + Number(isFailure),
    totalErrors: before.totalErrors + Number(verdict.status === "error"),
  };
}

function findFailures(run: Run): DropCause[] {
  return countedRules(run).flatMap((rule) => {
    const { verdict, consecutiveFailures, totalFailures } = run.guardrails[rule.name]!;
    if (verdict?.status !== "fail") return [];
    const isInARow = consecutiveFailures >= rule.consecutiveFailures;
    const isInAll = rule.totalFailures !== null && totalFailures >= rule.totalFailures;
    return isInARow || isInAll ? [causedBy(rule, verdict.reason)] : [];
  });
}

function findImpatience(run: Run, now: number): (DropCause & Pick<Patience, "afterwards">) | undefined {
  const found = countedRules(run).flatMap((rule) => {
    const { verdict, since } = run.guardrails[rule.name]!;
    const key = verdict === null ? undefined : patienceByStatus[verdict.status];
    if (verdict === null || since === null || key === undefined) return [];
    const { deadlineMs, afterwards } = rule[key];
    if (deadlineMs === null || now - since < deadlineMs) return [];
    const reason = `${verdict.status} for ${now - since} ms: ${verdict.reason}`;
    return [{ ...causedBy(rule, reason), afterwards }];
  });
  return found.find(({ afterwards }) => afterwards === "rollback") ?? found[0];
}

type Patience = GuardrailRule["onNoData"];

function causedBy({ name, variant }: GuardrailRule, reason: string): DropCause {
  return { actor: `guardrail:${name}`, reason, ...(variant !== undefined && { variant }) };
}

function whatItWaitsFor(run: Run, { isBudgetLeft = true, budget }: Tick, now: number): string | undefined {
  const { holdMs } = stageOf(run);
  if (!isBudgetLeft && run.policy.onBudgetSpent !== "ignore") {
    return `waits for the error budget to recover${budget === undefined ? "" : `: ${budget.reason}`}`;
  }
  const closed = closedGuardrails(run);
  if (closed.length > 0) return `waits for ${closed.join("; ")}`;
  if (holdMs === null) return "stays until it is promoted";
  const leftMs = holdMs - elapsedMs(run, now);
  return leftMs > 0 ? "waits for its time to pass" : undefined;
}

function whyItGoesOn(run: Run): string {
  return countedRules(run).length === 0 ? "its time has passed" : "every guardrail passed";
}

function wait(state: RolloutState, run: Run, reason: string): Step {
  // Who had everything but approval, and no longer has, needs the approvals anew.
  const waiting: Run = { ...run, phase: "running", reason, approvedBy: [] };
  return { state: { ...state, run: waiting }, transition: undefined };
}

function awaitApproval(state: RolloutState, run: Run, actor: string): Step {
  const missing = stageOf(run).approvals - run.approvedBy.length;
  const reason = `waits for ${missing === 1 ? "an approval" : `${missing} approvals`}`;
  const isNew = run.phase !== "awaiting-approval";
  return {
    state: { ...state, run: { ...run, phase: "awaiting-approval", reason } },
    transition: isNew ? { type: "awaiting-approval", reason, actor } : undefined,
  };
}

function pauseFor(state: RolloutState, run: Run, { actor, reason }: DropCause, now: number): Step {
  const paused: Run = { ...run, phase: "paused", reason, pausedAt: now };
  return { state: { ...state, run: paused }, transition: { type: "paused", reason, actor } };
}
