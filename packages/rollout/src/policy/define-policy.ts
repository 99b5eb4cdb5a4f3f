import type { GuardrailRule, Patience, RolloutPolicy, Stage } from "./policy.ts";
import { parsePolicy } from "./policy-schema.ts";

const hourMs = 3_600_000;

/** What {@link definePolicy} takes: only what has no default has to be given. */
export interface PolicyDefinition extends Partial<
  Omit<RolloutPolicy, "schemaVersion" | "stages" | "guardrails">
> {
  readonly seed: string;
  readonly stages: readonly StageDefinition[];
  readonly guardrails?: readonly GuardrailDefinition[] | undefined;
}

/** A stage; what is left out has its default. */
export interface StageDefinition extends Partial<Stage> {
  readonly weight: number;
}

/** A guardrail's rule; what is left out has its default. */
export interface GuardrailDefinition extends Partial<GuardrailRule> {
  readonly name: string;
  readonly kind: string;
}

/**
 * A policy with its defaults filled in, and checked.
 *
 * | default                                 |                                               |
 * | --------------------------------------- | --------------------------------------------- |
 * | `falseAlarmRate`, `falsePassRate`       | 0.05                                          |
 * | `tickMs`                                | 10 s                                          |
 * | a stage's `holdMs`                      | 0: as soon as the evidence is there           |
 * | a stage's `minimumSamples`              | 100                                           |
 * | a guardrail's `consecutiveFailures`     | 1: verdicts hold however often they are asked |
 * | `onInconclusive`                        | wait for ever                                 |
 * | `onNoData`                              | roll back after an hour                       |
 * | `onError`                               | roll back after an hour                       |
 *
 * @throws InvalidPolicyError `INVALID_POLICY`
 */
export function definePolicy(definition: PolicyDefinition): RolloutPolicy {
  const { stages, guardrails = [], ...rest } = definition;
  return parsePolicy({
    schemaVersion: 1,
    strategy: "canary",
    algorithm: "murmur3-32/1",
    unguarded: false,
    falseAlarmRate: 0.05,
    falsePassRate: 0.05,
    tickMs: 10_000,
    onMissingKey: "stable",
    onNewCandidate: "reject",
    onBudgetSpent: "hold",
    fallback: null,
    allowSelfApproval: false,
    ...rest,
    stages: stages.map(fillStage),
    guardrails: guardrails.map(fillGuardrail),
  });
}

function fillStage(stage: StageDefinition): Stage {
  return { shadow: 0, control: "stable", holdMs: 0, minimumSamples: 100, approvals: 0, ...stage };
}

const waitForEver: Patience = { deadlineMs: null, afterwards: "pause" };
const waitAnHour: Patience = { deadlineMs: hourMs, afterwards: "rollback" };

function fillGuardrail(rule: GuardrailDefinition): GuardrailRule {
  return {
    options: {},
    stages: "all",
    dryRun: false,
    consecutiveFailures: 1,
    totalFailures: null,
    onInconclusive: waitForEver,
    onNoData: waitAnHour,
    onError: waitAnHour,
    ...rule,
  };
}
