import type { GuardrailRegistry } from "../guardrail/guardrail-registry.ts";
import type { Arm, GuardrailCounter, GuardrailEvent, JudgeContext } from "../guardrail/guardrail.ts";
import type { Verdict } from "../guardrail/verdict.ts";
import { type GuardrailRule, isAsked, type RolloutPolicy } from "../policy/policy.ts";
import type { ReplicaEvidence } from "../store/store.ts";

interface RuleCounter {
  readonly name: string;
  /** Of an experiment: whose requests it counts beside the control's. */
  readonly variant: string | undefined;
  readonly counter: GuardrailCounter;
}

/** What this replica counts in one stage: one counter for each rule of the policy. */
export class StageEvidence {
  readonly stageRevision: number;
  readonly #counters: readonly RuleCounter[];
  #countFailures = 0;

  constructor(stageRevision: number, policy: RolloutPolicy, registry: GuardrailRegistry) {
    this.stageRevision = stageRevision;
    this.#counters = policy.guardrails.map((rule) => ({
      name: rule.name,
      variant: rule.variant,
      counter: registry.createCounter(rule),
    }));
  }

  /** How often a counter threw. It is never the request's fault, nor its harm. */
  get countFailures(): number {
    return this.#countFailures;
  }

  /** Counts one request, of a version. It never throws. */
  observe(event: GuardrailEvent, arm: Arm, version?: string): void {
    for (let index = 0; index < this.#counters.length; index += 1) {
      const { variant, counter } = this.#counters[index]!;
      if (arm === "candidate" && variant !== undefined && variant !== version) continue;
      try {
        counter.observe(event, arm);
      } catch {
        this.#countFailures += 1;
      }
    }
  }

  /** Counts whether an answer turned out to be right. It never throws. */
  observeQuality(isCorrect: boolean, arm: Arm, version?: string): void {
    for (const { variant, counter } of this.#counters) {
      if (arm === "candidate" && variant !== undefined && variant !== version) continue;
      try {
        counter.observeQuality?.(isCorrect, arm);
      } catch {
        this.#countFailures += 1;
      }
    }
  }

  /** Whether it matters what turned out to be right of a shadow's answers. */
  get wantsTruth(): boolean {
    return this.#counters.some(({ counter }) => counter.observeTruth !== undefined);
  }

  /** Counts what turned out to be right. It never throws. */
  observeTruth(pair: Parameters<NonNullable<GuardrailCounter["observeTruth"]>>[0]): void {
    for (const { counter } of this.#counters) {
      try {
        counter.observeTruth?.(pair);
      } catch {
        this.#countFailures += 1;
      }
    }
  }

  /** What was counted, for the other replicas. */
  toReplicaEvidence(replica: string): ReplicaEvidence {
    const guardrails = Object.fromEntries(
      this.#counters.map(({ name, counter }) => [name, counter.counts()]),
    );
    return { replica, stageRevision: this.stageRevision, guardrails };
  }
}

/** What all replicas counted together, by guardrail, and what it says. */
export interface JudgedEvidence {
  readonly verdicts: Readonly<Record<string, Verdict>>;
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** Merges what the replicas counted and judges it, in an order that does not depend on who asks. */
export function judgeEvidence(
  policy: RolloutPolicy,
  stage: number,
  replicas: readonly ReplicaEvidence[],
  registry: GuardrailRegistry,
): JudgedEvidence {
  const context = contextOf(policy, stage);
  const inOrder = [...replicas].sort((a, b) => (a.replica < b.replica ? -1 : 1));
  const verdicts: Record<string, Verdict> = {};
  const evidence: Record<string, unknown> = {};
  for (const rule of policy.guardrails) {
    if (!isAsked(rule, policy.stages[stage]!)) continue;
    const counts = inOrder.flatMap(({ guardrails }) =>
      Object.hasOwn(guardrails, rule.name) ? [guardrails[rule.name]] : [],
    );
    const judged = judgeRule(rule, counts, registry, context);
    verdicts[rule.name] = judged.verdict;
    if (judged.counts !== undefined) evidence[rule.name] = judged.counts;
  }
  return { verdicts, evidence };
}

/**
 * What each guardrail is told. The chance of any false alarm in the whole rollout is at most the sum
 * over guardrails and stages, each of which begins anew.
 */
export function contextOf(policy: RolloutPolicy, stage: number): JudgeContext {
  const { weight, control } = policy.stages[stage]!;
  const counted = policy.guardrails.filter(({ dryRun }) => !dryRun).length;
  const parts = Math.max(1, counted) * policy.stages.length;
  return { failAlpha: policy.falseAlarmRate / parts, passAlpha: policy.falsePassRate, weight, control };
}

function judgeRule(
  rule: GuardrailRule,
  counts: readonly unknown[],
  registry: GuardrailRegistry,
  context: JudgeContext,
): { readonly verdict: Verdict; readonly counts?: unknown } {
  try {
    if (counts.length === 0) return { verdict: nothingCounted };
    const merged = counts.reduce((a, b) => registry.merge(rule, a, b));
    return { verdict: registry.judge(rule, merged, context), counts: merged };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return { verdict: { status: "error", reason: `it failed: ${reason}`, evidence: { samples: 0 } } };
  }
}

const nothingCounted: Verdict = {
  status: "no-data",
  reason: "no replica has counted anything yet",
  evidence: { samples: 0 },
};
