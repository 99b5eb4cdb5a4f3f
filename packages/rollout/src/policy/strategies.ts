import type { Condition } from "../cohort/condition.ts";
import { definePolicy, type PolicyDefinition, type StageDefinition } from "./define-policy.ts";
import type { RolloutPolicy, StrategyName } from "./policy.ts";

/** What every strategy takes besides its own. */
export type StrategyOptions = Omit<PolicyDefinition, "stages" | "strategy">;

/** The candidate answers everybody at once. Nothing watches, and nothing goes back by itself. */
export function direct(options: Omit<StrategyOptions, "guardrails" | "unguarded">): RolloutPolicy {
  return definePolicy({
    ...options,
    strategy: "direct",
    unguarded: true,
    stages: [{ weight: 1, minimumSamples: 0 }],
  });
}

/** Options of {@link blueGreen}. */
export interface BlueGreenOptions extends StrategyOptions {
  /** How long the version before stays warm while the candidate answers everybody, so that going back is instant; in milliseconds. Default an hour. */
  readonly keepWarmMs?: number | undefined;
  /** How many requests the candidate is judged by before the version before it goes. Default 100. */
  readonly minimumSamples?: number | undefined;
}

/** All at once, with the version before kept warm and the guardrails on: going back is a change of routing. */
export function blueGreen({
  keepWarmMs = 3_600_000,
  minimumSamples = 100,
  ...options
}: BlueGreenOptions): RolloutPolicy {
  return definePolicy({
    ...options,
    strategy: "blue-green",
    stages: [{ weight: 1, holdMs: keepWarmMs, minimumSamples }],
  });
}

/** Options of {@link canary}. */
export interface CanaryOptions extends StrategyOptions {
  /** What the strategy is called, for people. Default `canary`. */
  readonly strategy?: StrategyName | undefined;
  /** The stages. Default 1, 5, 10, 25, 50 and 100 % for at least five minutes each. */
  readonly steps?: readonly StageDefinition[] | undefined;
  /** What the candidate is compared with. Default `stable`. */
  readonly control?: "stable" | "matched" | undefined;
}

/** More and more keys, as long as the guardrails pass. */
export function canary({
  strategy = "canary",
  steps = canarySteps,
  control = "stable",
  ...options
}: CanaryOptions): RolloutPolicy {
  const stages = steps.map((step) => ({
    control: step.weight > 0.5 ? ("stable" as const) : control,
    ...step,
  }));
  return definePolicy({ ...options, strategy, stages });
}

/** 1, 5, 10, 25, 50 and 100 % for at least five minutes each. */
export const canarySteps: readonly StageDefinition[] = [0.01, 0.05, 0.1, 0.25, 0.5, 1].map((weight) => ({
  weight,
  holdMs: 300_000,
}));

/** Options of {@link shadow}. */
export interface ShadowOptions extends StrategyOptions {
  /** The fraction of keys whose requests the candidate also gets, in (0, 1]. Default 1. */
  readonly fraction?: number | undefined;
  /** How long at least, in milliseconds. Default an hour. */
  readonly holdMs?: number | undefined;
  /** How many shadowed requests are judged at least. Default 1,000. */
  readonly minimumSamples?: number | undefined;
  /** How many people approve before the candidate takes over. Default 1. */
  readonly approvals?: number | undefined;
}

/** The candidate gets requests and answers none of them; then somebody decides. */
export function shadow(options: ShadowOptions): RolloutPolicy {
  const { fraction = 1, holdMs = 3_600_000, minimumSamples = 1_000, approvals = 1, ...rest } = options;
  return definePolicy({
    ...rest,
    strategy: "shadow",
    stages: [{ weight: 0, shadow: fraction, holdMs, minimumSamples, approvals }],
  });
}

/** Options of {@link cohort}. */
export interface CohortOptions extends CanaryOptions {
  /** Who has the candidate first. */
  readonly who: Condition;
  /** How long at least, in milliseconds. Default an hour. */
  readonly holdMs?: number | undefined;
  /** How many of their requests are judged at least. Default 100. */
  readonly minimumSamples?: number | undefined;
}

/** First those whom a condition names, all of them; then everybody, in a canary's steps. */
export function cohort({
  who,
  holdMs = 3_600_000,
  minimumSamples = 100,
  ...options
}: CohortOptions): RolloutPolicy {
  const { steps = canarySteps, ...rest } = options;
  return definePolicy({
    ...rest,
    strategy: "cohort",
    stages: [{ weight: 1, cohort: who, holdMs, minimumSamples }, ...steps],
  });
}
