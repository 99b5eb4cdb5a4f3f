import { z } from "zod";

import { conditionSchema } from "../cohort/condition-schema.ts";
import { InvalidPolicyError } from "../errors/invalid-policy-error.ts";
import { routingAlgorithms } from "../routing/router.ts";
import { experimentSchema, stickySchema } from "./experiment-schema.ts";
import {
  isAsked,
  type GuardrailRule,
  type Patience,
  type RolloutPolicy,
  type Stage,
  type StrategyName,
} from "./policy.ts";

const strategies: readonly StrategyName[] = [
  "direct",
  "blue-green",
  "canary",
  "shadow",
  "ab-test",
  "cohort",
  "bandit",
  "single-model",
  "shadow-then-canary",
];

const fraction = z.number().min(0).max(1);
const count = z.number().int().min(0).max(1e9);
/** Up to ten years. */
const milliseconds = z.number().min(0).max(315_360_000_000);

const patience: z.ZodType<Patience> = z.strictObject({
  deadlineMs: milliseconds.nullable(),
  afterwards: z.enum(["rollback", "pause"]),
});

const stage: z.ZodType<Stage> = z.strictObject({
  weight: fraction,
  shadow: fraction,
  cohort: conditionSchema.optional(),
  control: z.enum(["stable", "matched"]),
  holdMs: milliseconds.nullable(),
  minimumSamples: count,
  approvals: count.max(20),
});

const guardrailRule: z.ZodType<GuardrailRule> = z.strictObject({
  // It becomes a key of the state, where `__proto__` must not be one.
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9 ._-]{0,63}$/, { error: "has to begin with a letter" }),
  kind: z.string().min(1).max(64),
  variant: z.string().min(1).max(128).optional(),
  options: z.record(z.string().max(64), z.unknown()),
  stages: z.enum(["all", "compared", "split", "shadow"]),
  dryRun: z.boolean(),
  consecutiveFailures: count.min(1),
  totalFailures: count.min(1).nullable(),
  onInconclusive: patience,
  onNoData: patience,
  onError: patience,
});

/** What a policy that came from outside has to be. {@link parsePolicy} also checks what its parts mean together. */
export const policySchema: z.ZodType<RolloutPolicy> = z
  .strictObject({
    schemaVersion: z.literal(1),
    strategy: z.enum(strategies),
    seed: z.string().min(1).max(256),
    algorithm: z.enum(routingAlgorithms),
    stages: z.array(stage).min(1).max(100),
    guardrails: z.array(guardrailRule).max(100),
    unguarded: z.boolean(),
    falseAlarmRate: z.number().gt(0).lt(1),
    falsePassRate: z.number().gt(0).lt(1),
    tickMs: milliseconds.min(1),
    onMissingKey: z.enum(["stable", "random", "reject"]),
    onNewCandidate: z.enum(["reject", "replace"]),
    onBudgetSpent: z.enum(["hold", "ignore"]),
    fallback: z.string().min(1).max(128).nullable(),
    allowSelfApproval: z.boolean(),
    experiment: experimentSchema.optional(),
    sticky: stickySchema.optional(),
  })
  .check(({ value, issues }) => {
    const refuse = (path: (string | number)[], message: string): void => {
      issues.push({ code: "custom", input: value, path, message });
    };
    const counted = value.guardrails.filter(({ dryRun }) => !dryRun);
    if (counted.length === 0 && !value.unguarded) {
      refuse(["guardrails"], "has no guardrail that counts; add one, or say unguarded: true");
    }
    if (counted.length > 0 && value.unguarded) {
      refuse(["unguarded"], "is true, and there are guardrails that count; leave out one or the other");
    }
    for (const [index, { name }] of value.guardrails.entries()) {
      if (value.guardrails.findIndex((other) => other.name === name) === index) continue;
      refuse(["guardrails", index, "name"], `is ${JSON.stringify(name)} again; each has a name of its own`);
    }
    const { experiment, stages } = value;
    const versions = experiment?.variants.map(({ version }) => version);
    if (experiment !== undefined && stages.length > 1)
      refuse(["stages"], "are several; an experiment has one");
    for (const [index, { variant, stages: when }] of value.guardrails.entries()) {
      const isKnown = variant === undefined ? versions === undefined : versions?.includes(variant);
      if (isKnown !== true) {
        const problem = "has to be one of the experiment's versions, and absent where there is none";
        refuse(["guardrails", index, "variant"], problem);
      }
      if (experiment !== undefined && when === "split") {
        refuse(
          ["guardrails", index, "stages"],
          "is what an experiment checks by itself, key by key; leave it out",
        );
      }
      // Pooled over other weights, two arms differ by when they were asked, and not by what they answer.
      if (experiment?.kind === "bandit" && when !== "all") {
        refuse(
          ["guardrails", index, "stages"],
          "compares arms whose weights a bandit moves; give it a fixed limit",
        );
      }
    }
    for (const [index, { weight, control, holdMs, shadow }] of value.stages.entries()) {
      if (control === "matched" && weight > 0.5) {
        refuse(
          ["stages", index, "weight"],
          "is above 0.5, which leaves no part as large for a matched control",
        );
      }
      if (holdMs === null && index < value.stages.length - 1) {
        refuse(["stages", index, "holdMs"], "is null; only the last stage may be without an end");
      }
      const hasTraffic = weight > 0 || shadow > 0;
      if (!hasTraffic && counted.length > 0) {
        refuse(
          ["stages", index, "weight"],
          "is 0 and so is shadow: no guardrail could ever judge this stage",
        );
      }
      const isWatched = counted.some((rule) => isAsked(rule, value.stages[index]!));
      if (counted.length > 0 && !isWatched) {
        refuse(["stages", index], "is one in which no guardrail counts; add one with a fixed limit");
      }
    }
  });

/**
 * Takes a policy from outside.
 *
 * @throws InvalidPolicyError `INVALID_POLICY`: it names the field that is wrong first.
 */
export function parsePolicy(value: unknown): RolloutPolicy {
  const result = policySchema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw new InvalidPolicyError({ field: toField(path), problem: lowerFirst(message), cause: result.error });
}

/** `stages[2].weight` */
function toField(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "the whole";
  return path
    .map((part, index) =>
      typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`,
    )
    .join("");
}

function lowerFirst(message: string): string {
  const text = message.replace(/\.$/, "");
  return /^(is|has|are|have)\b/.test(text) ? text : `is not what it has to be: ${text}`;
}
