import { type GuardrailRule, isAsked, type Stage } from "../policy/policy.ts";
import type { Run } from "./state.ts";

/** The stage that a rollout is in. */
export function stageOf({ policy, stage }: Run): Stage {
  return policy.stages[stage]!;
}

/** The rules whose verdicts count in this stage: none of a version that is out. */
export function countedRules(run: Run): readonly GuardrailRule[] {
  return run.policy.guardrails.filter(
    (rule) => !rule.dryRun && isAsked(rule, stageOf(run)) && !isDropped(run, rule.variant),
  );
}

/** Whether a version of an experiment is out. */
export function isDropped({ experiment }: Run, variant: string | undefined): boolean {
  return experiment?.dropped.some(({ version }) => version === variant) === true;
}

/** The guardrails of the candidate that do not let the stage end yet, with why, in words. */
export function closedGuardrails(run: Run): string[] {
  const { minimumSamples } = stageOf(run);
  return countedRules(run).flatMap(({ name, variant }) => {
    if (variant !== undefined && variant !== run.candidate) return [];
    const verdict = run.guardrails[name]?.verdict ?? null;
    if (verdict === null) return [`${name} has not been asked yet`];
    if (verdict.status !== "pass") return [`${name}: ${verdict.reason}`];
    const { samples } = verdict.evidence;
    return samples >= minimumSamples ? [] : [`${name} has judged ${samples} of ${minimumSamples} requests`];
  });
}

/** Milliseconds that the stage has lasted, without pauses. */
export function elapsedMs({ stageEnteredAt, pausedMs, pausedAt }: Run, now: number): number {
  return Math.max(0, (pausedAt ?? now) - stageEnteredAt - pausedMs);
}

/** Whether nothing but time ends the stage: nobody watches, and nobody has to approve. */
export function isTimedOnly(run: Run): boolean {
  const { holdMs, approvals } = stageOf(run);
  return holdMs !== null && approvals === 0 && countedRules(run).length === 0;
}

/** Whether the candidate answers everybody, and is watched, and all who watch have passed it on enough evidence. */
export function isHealthy(run: Run): boolean {
  const { weight } = stageOf(run);
  return weight === 1 && countedRules(run).length > 0 && closedGuardrails(run).length === 0;
}
