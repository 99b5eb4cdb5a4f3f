import { createRandom, percentile } from "@mlops/stats";

import { judgeEvidence, StageEvidence } from "../controller/evidence.ts";
import { drawnBuckets } from "../engine/experiment/begin-experiment.ts";
import { initialState, type Run } from "../engine/state.ts";
import { step } from "../engine/step.ts";
import { builtInGuardrails } from "../guardrail/built-in-guardrails.ts";
import { GuardrailRegistry } from "../guardrail/guardrail-registry.ts";
import type { GuardrailKind, Arm, GuardrailEvent } from "../guardrail/guardrail.ts";
import type { RolloutPolicy } from "../policy/policy.ts";
import { bucketCount } from "../routing/bucket.ts";
import { createTraffic, type TrafficModel, type TrafficSource } from "./traffic.ts";

/** Options of {@link simulate}. */
export interface SimulateOptions {
  /** How the stable version answers. */
  readonly stable: TrafficModel;
  /** How the candidate answers. The same as `stable` tells how often a healthy candidate is rolled back. */
  readonly candidate: TrafficModel;
  /** Requests of all keys together, each second. */
  readonly requestsPerSecond: number;
  /** How many rollouts are played. Default 100. */
  readonly runs?: number | undefined;
  /** How long each may take before it counts as undecided, in milliseconds. Default a day. */
  readonly maxDurationMs?: number | undefined;
  /** What the play is drawn with; the same seed gives the same result. Default 1. */
  readonly seed?: number | undefined;
  /** Kinds of guardrails besides the built-in ones. */
  readonly guardrails?: readonly GuardrailKind[] | undefined;
}

/** What became of the rollouts that were played. */
export interface Simulation {
  readonly runs: number;
  readonly completed: number;
  readonly rolledBack: number;
  /** Those that were neither after `maxDurationMs`, such as ones that wait for an approval. */
  readonly undecided: number;
  /** How long those that were decided took, in milliseconds. */
  readonly durationMs: Spread;
  /** How many requests the candidate answered before it was rolled back: what a regression costs. */
  readonly requestsBeforeRollback: Spread;
  /** Which guardrail rolled back, and how often. */
  readonly rolledBackBy: Readonly<Record<string, number>>;
}

/** Percentiles, by nearest rank; `null` where there is nothing. */
export interface Spread {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly max: number | null;
}

/**
 * Plays rollouts of a policy against assumed traffic: how long it takes, how many answers of a bad
 * candidate it costs before it is rolled back, and how often a healthy one is. It asks the policy's
 * own guardrails and makes its own decisions; only the requests are made up.
 *
 * Of an experiment all versions but the stable one answer as the candidate does, and no outcomes are
 * reported: its guardrails end it, or its deadline.
 *
 * @example
 * ```ts
 * const healthy = { p95Ms: 300, errorRate: 0.001 };
 * const result = simulate(policy, { stable: healthy, candidate: healthy, requestsPerSecond: 50 });
 * result.rolledBack / result.runs; // at most policy.falseAlarmRate
 * ```
 */
export function simulate(policy: RolloutPolicy, options: SimulateOptions): Simulation {
  const { runs = 100, seed = 1, guardrails = [] } = options;
  const registry = new GuardrailRegistry([...builtInGuardrails, ...guardrails]);
  registry.check(policy);
  const random = createRandom(seed);
  const results = Array.from({ length: runs }, () => play(policy, options, registry, random.fork()));
  const decided = results.filter(({ result }) => result !== undefined);
  const bad = results.filter(({ result }) => result === "rolled-back");
  const rolledBackBy: Record<string, number> = {};
  for (const { by } of bad) rolledBackBy[by] = (rolledBackBy[by] ?? 0) + 1;
  return {
    runs,
    completed: decided.length - bad.length,
    rolledBack: bad.length,
    undecided: runs - decided.length,
    durationMs: spreadOf(decided.map(({ durationMs }) => durationMs)),
    requestsBeforeRollback: spreadOf(bad.map(({ requests }) => requests)),
    rolledBackBy,
  };
}

interface Played {
  readonly result: "completed" | "rolled-back" | undefined;
  readonly by: string;
  readonly durationMs: number;
  /** Those that the candidate answered. */
  readonly requests: number;
}

function play(
  policy: RolloutPolicy,
  { stable, candidate, requestsPerSecond, maxDurationMs = 86_400_000 }: SimulateOptions,
  registry: GuardrailRegistry,
  random: ReturnType<typeof createRandom>,
): Played {
  const traffic = { candidate: createTraffic(candidate, random), control: createTraffic(stable, random) };
  const candidateVersion = policy.experiment?.variants[0]?.version ?? "candidate";
  const start = { type: "start", actor: "simulation", candidate: candidateVersion, policy } as const;
  let now = 0;
  let requests = 0;
  let { state } = step(initialState("stable"), start, now);
  let evidence: StageEvidence | undefined;
  while (state.run !== null && now < maxDurationMs) {
    const run: Run = state.run;
    if (evidence?.stageRevision !== run.stageRevision) {
      evidence = new StageEvidence(run.stageRevision, policy, registry);
    }
    now += policy.tickMs;
    const { weight: stageWeight, shadow, control } = policy.stages[run.stage]!;
    const variants = variantsOf(run, stageWeight);
    const weight = variants.reduce((sum, variant) => sum + variant.weight, 0);
    const count = random.poisson((requestsPerSecond * policy.tickMs) / 1_000);
    for (let request = 0; request < count; request += 1) {
      const at = random();
      if (at < weight) {
        requests += 1;
        observe(evidence, traffic.candidate, "candidate", versionAt(variants, at));
      } else if (control === "stable" || at < 2 * weight) {
        const live = observe(evidence, traffic.control, "control");
        if (random() < shadow)
          evidence.observe({ ...traffic.candidate.next(), live: live.output }, "candidate");
      }
    }
    const counted = [evidence.toReplicaEvidence("simulation")];
    const judged = judgeEvidence(policy, run.stage, counted, registry);
    const { stageRevision } = run;
    state = step(state, { type: "tick", actor: "simulation", stageRevision, ...judged }, now).state;
  }
  const { last } = state;
  const result = last?.result === "completed" || last?.result === "rolled-back" ? last.result : undefined;
  return { result, by: last?.actor.replace("guardrail:", "") ?? "", durationMs: now, requests };
}

/** The candidates that still answer, and which fraction of the requests each has. */
function variantsOf(run: Run, stageWeight: number): { readonly version: string; readonly weight: number }[] {
  if (run.experiment === undefined) return [{ version: run.candidate, weight: stageWeight }];
  const buckets = drawnBuckets(run);
  return run.policy.experiment!.variants.map(({ version }, index) => ({
    version,
    weight: buckets[index]! / bucketCount,
  }));
}

function versionAt(variants: ReturnType<typeof variantsOf>, at: number): string | undefined {
  let end = 0;
  return variants.find(({ weight }) => at < (end += weight))?.version;
}

function observe(evidence: StageEvidence, source: TrafficSource, arm: Arm, version?: string): GuardrailEvent {
  const event = source.next();
  evidence.observe(event, arm, version);
  const isCorrect = source.isCorrect();
  if (isCorrect !== undefined) evidence.observeQuality(isCorrect, arm, version);
  return event;
}

function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) return { p50: null, p95: null, max: null };
  return { p50: percentile(values, 50), p95: percentile(values, 95), max: percentile(values, 100) };
}
