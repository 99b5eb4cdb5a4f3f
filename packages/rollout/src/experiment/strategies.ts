import type { Condition } from "../cohort/condition.ts";
import { definePolicy, type GuardrailDefinition } from "../policy/define-policy.ts";
import type { Experiment, ExperimentMetric } from "../policy/experiment.ts";
import type { RolloutPolicy } from "../policy/policy.ts";
import type { StrategyOptions } from "../policy/strategies.ts";

/** What {@link abTest} and {@link bandit} both take. */
export interface ExperimentOptions extends StrategyOptions {
  /** What is compared: `shareOf` or `meanOf`. */
  readonly metric: ExperimentMetric;
  /** Who takes part. Default everybody. */
  readonly who?: Condition | undefined;
  /** How many keys of each version have to be counted first. Default 500. */
  readonly minimumKeys?: number | undefined;
  /** How often versions that are no better ever win, in (0, 0.5). Default 0.05. */
  readonly falseWinnerRate?: number | undefined;
  /** The smallest gain worth having, in the metric's unit: a version that gains less for certain is dropped. Default 0. */
  readonly minimumEffect?: number | undefined;
  /** How long it may stay undecided, in milliseconds; then the stable version is kept. Default for ever. */
  readonly deadlineMs?: number | undefined;
  /** How long at least, in milliseconds: whole weeks, where days differ. Default 0. */
  readonly holdMs?: number | undefined;
  /** How many of the winner's requests each guardrail has to judge. Default 100. */
  readonly minimumSamples?: number | undefined;
  /** Whether a winner waits for an approval, or takes over by itself. Default `approval`. */
  readonly onWinner?: "approval" | "promote" | undefined;
}

/** Options of {@link abTest}. */
export interface AbTestOptions extends ExperimentOptions {
  /** The candidates' fractions of the keys, by version. The stable version has the rest. */
  readonly variants: Readonly<Record<string, number>>;
}

/**
 * Several candidates beside the stable version, on fixed parts of the keys, until one is better for
 * certain. Every variant has the guardrails; one that fails is dropped, and the others go on.
 */
export function abTest({ variants, ...options }: AbTestOptions): RolloutPolicy {
  const shares = Object.entries(variants).map(([version, weight]) => ({ version, weight }));
  return defineExperiment("ab-test", shares, options, null);
}

/** Options of {@link bandit}. */
export interface BanditOptions extends ExperimentOptions {
  /** The candidates. All versions begin with equal weights. */
  readonly variants: readonly string[];
  /** The weight that every version keeps at least, from 0.001. Default 0.05. */
  readonly floor?: number | undefined;
  /** How often the weights move at most, in milliseconds. Default an hour. */
  readonly everyMs?: number | undefined;
  /** Weights stay while none would change by more than this. Default 0.02. */
  readonly minimumShift?: number | undefined;
}

/**
 * As {@link abTest}, with weights that follow what was learned: Thompson sampling above a floor. It costs
 * fewer keys of a worse version, and takes longer to be certain.
 */
export function bandit(options: BanditOptions): RolloutPolicy {
  const { variants, floor = 0.05, everyMs = 3_600_000, minimumShift = 0.02, ...rest } = options;
  const weight = 1 / (variants.length + 1);
  const shares = variants.map((version) => ({ version, weight }));
  return defineExperiment("bandit", shares, rest, { floor, everyMs, minimumShift });
}

function defineExperiment(
  kind: Experiment["kind"],
  variants: Experiment["variants"],
  options: ExperimentOptions,
  reweighting: Experiment["reweighting"],
): RolloutPolicy {
  const {
    metric,
    who,
    minimumKeys = 500,
    falseWinnerRate = 0.05,
    minimumEffect = 0,
    deadlineMs = null,
    holdMs = 0,
    minimumSamples = 100,
    onWinner = "approval",
    guardrails = [],
    ...rest
  } = options;
  const weight = variants.reduce((sum, share) => sum + share.weight, 0);
  return definePolicy({
    ...rest,
    strategy: kind,
    stages: [
      {
        weight,
        holdMs,
        minimumSamples,
        approvals: onWinner === "approval" ? 1 : 0,
        ...(who !== undefined && { cohort: who }),
      },
    ],
    guardrails: variants.flatMap(({ version }, index) =>
      guardrails.map((rule) => ofVariant(rule, version, index)),
    ),
    experiment: {
      kind,
      variants,
      metric,
      minimumKeys,
      falseWinnerRate,
      minimumEffect,
      onUndecided: { deadlineMs, afterwards: "rollback" },
      reweighting,
    },
  });
}

/** The longest name that a guardrail may have. */
const longestName = 64;

/** A guardrail of one version's own. */
function ofVariant(rule: GuardrailDefinition, version: string, index: number): GuardrailDefinition {
  const wanted = `${rule.name} of ${version}`;
  const allowed = wanted.replaceAll(/[^A-Za-z0-9 ._-]/g, "-").slice(0, longestName);
  // What was changed may be the same for two versions.
  const suffix = allowed === wanted ? "" : ` ${index + 1}`;
  return { ...rule, name: allowed.slice(0, longestName - suffix.length) + suffix, variant: version };
}
