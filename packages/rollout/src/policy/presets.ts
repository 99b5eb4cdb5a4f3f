import { errorRate } from "../guardrail/kinds/error-rate.ts";
import { latency } from "../guardrail/kinds/latency.ts";
import { outputDistribution } from "../guardrail/kinds/output-distribution.ts";
import { sampleRatio } from "../guardrail/kinds/sample-ratio.ts";
import { agreement } from "../guardrail/kinds/agreement.ts";
import { definePolicy, type GuardrailDefinition } from "./define-policy.ts";
import type { RolloutPolicy } from "./policy.ts";
import type { OutputCells } from "../guardrail/output-cells.ts";
import { canary, type CanaryOptions, canarySteps, type StrategyOptions } from "./strategies.ts";

/** Options of {@link singleModel}. */
export interface SingleModelOptions extends Omit<StrategyOptions, "guardrails" | "onNewCandidate"> {
  /** How an output becomes one of the classes whose shares are watched. */
  readonly cells: OutputCells;
  /** The shares of the classes that are to be expected, such as those of the training data. */
  readonly reference: Readonly<Record<string, number>>;
  /** What the 95th percentile of the latency may be, in milliseconds. Default 500. */
  readonly p95LimitMs?: number | undefined;
  /** What the Kullback-Leibler divergence from the reference may be, in nats. Default 0.2. */
  readonly klLimit?: number | undefined;
}

/**
 * One model, deployed at once, without a second one beside it, and watched for as long as it answers:
 * it goes back to the last healthy version, or to the policy's `fallback`, when its p95 latency is
 * above 500 ms or the KL divergence of its outputs above 0.2. The next version takes its place.
 *
 * The rule is an emotion classifier's; here it holds with the policy's rate of false alarms at every
 * look, where the bare numbers would not.
 */
export function singleModel(options: SingleModelOptions): RolloutPolicy {
  const { cells, reference, p95LimitMs = 500, klLimit = 0.2, ...rest } = options;
  return definePolicy({
    ...rest,
    strategy: "single-model",
    onNewCandidate: "replace",
    stages: [{ weight: 1, holdMs: null, minimumSamples: 100 }],
    guardrails: [
      latency({ percentile: 95, limitMs: p95LimitMs }),
      outputDistribution({ cells, reference, distance: "kullback-leibler", limit: klLimit }),
    ],
  });
}

/** Options of {@link canaryDefault}. */
export interface CanaryDefaultOptions extends Omit<CanaryOptions, "guardrails"> {
  /** What the 95th percentile of the latency may be, in milliseconds. */
  readonly p95LimitMs: number;
  /** How an output becomes one of some cells whose shares are compared. Default they are not. */
  readonly cells?: OutputCells | undefined;
}

/** A canary in the usual steps, with what usually matters: latency, errors beside the stable version, the split itself, and the outputs where they are given. */
export function canaryDefault({ p95LimitMs, cells, ...options }: CanaryDefaultOptions): RolloutPolicy {
  return canary({ ...options, guardrails: usualGuardrails(p95LimitMs, cells) });
}

/** Options of {@link shadowThenCanary}. */
export interface ShadowThenCanaryOptions extends CanaryDefaultOptions {
  /** The fraction of shadowed requests whose answers may differ, in [0, 1). Default 0.05. */
  readonly disagreement?: number | undefined;
  /** Where the value lies in the output that is compared. Default the output itself. */
  readonly field?: string | undefined;
  /** How long the shadow lasts at least, in milliseconds. Default an hour. */
  readonly shadowMs?: number | undefined;
}

/** First a shadow of every request, whose answers are compared with the live ones; then a canary. */
export function shadowThenCanary(options: ShadowThenCanaryOptions): RolloutPolicy {
  const {
    disagreement = 0.05,
    field = "",
    shadowMs = 3_600_000,
    steps = canarySteps,
    p95LimitMs,
    cells,
    ...rest
  } = options;
  return canary({
    ...rest,
    strategy: "shadow-then-canary",
    steps: [{ weight: 0, shadow: 1, holdMs: shadowMs, minimumSamples: 1_000 }, ...steps],
    guardrails: [...usualGuardrails(p95LimitMs, cells), agreement({ limit: disagreement, field })],
  });
}

function usualGuardrails(p95LimitMs: number, cells: OutputCells | undefined): GuardrailDefinition[] {
  return [
    latency({ percentile: 95, limitMs: p95LimitMs }),
    errorRate({ tolerance: 0.01 }),
    sampleRatio(),
    ...(cells === undefined ? [] : [outputDistribution({ cells })]),
  ];
}
