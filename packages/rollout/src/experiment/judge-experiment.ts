import { liveVariants } from "../engine/experiment/begin-experiment.ts";
import type { ExperimentFindings, Run } from "../engine/state.ts";
import type { Verdict } from "../guardrail/verdict.ts";
import type { Experiment } from "../policy/experiment.ts";
import type { Tally } from "./assignment-store.ts";
import { type ArmStratum, type ArmSums, compareArms } from "./compare-arms.ts";
import { checkSampleRatio } from "./sample-ratio.ts";
import { type ArmBelief, chancesToBeBest, weightsWithFloor } from "./thompson.ts";

/** How often a split that is as planned ever stops an experiment. */
const sampleRatioAlpha = 0.001;

/** What the outcomes of an experiment say: a function of its arguments alone, so that a replay gives the same. */
export function judgeExperiment(run: Run, stable: string, tallies: readonly Tally[]): ExperimentFindings {
  const experiment = run.policy.experiment!; // Only experiments are judged.
  const versions = [...experiment.variants.map(({ version }) => version), stable];
  const strata = toStrata(versions, tallies);
  const live = liveVariants(run);
  const variants = live.map((version) => ({
    version,
    verdict: judgeVariant(experiment, strata, versions.indexOf(version), version),
  }));
  const weights = experiment.kind === "bandit" ? reweigh(experiment, strata, versions, live) : undefined;
  return { sampleRatio: judgeSplit(strata), variants, ...(weights !== undefined && { weights }) };
}

/** Keys that were drawn by the same weights, by version. */
interface Stratum {
  readonly shares: readonly number[];
  readonly arms: readonly ArmSums[];
}

const nothing: ArmSums = { keys: 0, sum: 0, sumOfSquares: 0 };

function toStrata(versions: readonly string[], tallies: readonly Tally[]): Stratum[] {
  const byWeights = new Map<string, { shares: readonly number[]; arms: ArmSums[] }>();
  for (const tally of tallies) {
    const { weights, version } = tally;
    const arm = versions.indexOf(version);
    // A key may keep a version from an experiment with other ones.
    if (arm < 0 || weights.length !== versions.length) continue;
    const buckets = weights.reduce((sum, weight) => sum + weight, 0);
    const id = weights.join();
    const stratum = byWeights.get(id) ?? {
      shares: weights.map((weight) => weight / buckets),
      arms: versions.map(() => nothing),
    };
    stratum.arms[arm] = tally;
    byWeights.set(id, stratum);
  }
  // In an order that does not depend on the store, as sums of floating point numbers do.
  return [...byWeights.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, stratum]) => stratum);
}

function judgeSplit(strata: readonly Stratum[]): Verdict {
  const counted = strata.map(({ shares, arms }) => ({ shares, keys: arms.map(({ keys }) => keys) }));
  const samples = counted.reduce((total, { keys }) => total + keys.reduce((sum, count) => sum + count, 0), 0);
  if (samples === 0) return { status: "no-data", reason: "no key counts yet", evidence: { samples } };
  const { eValue, pValue } = checkSampleRatio(counted);
  const isRefuted = eValue >= 1 / sampleRatioAlpha;
  return {
    status: isRefuted ? "fail" : "pass",
    reason: `${samples} keys are ${isRefuted ? "not " : ""}split as the weights say (e-value ${format(eValue)}, p ${format(pValue)} at one look)`,
    // JSON has no infinity.
    evidence: { samples, estimate: Math.min(eValue, Number.MAX_VALUE), limit: 1 / sampleRatioAlpha },
  };
}

function judgeVariant(
  { metric, minimumKeys, falseWinnerRate, minimumEffect, variants }: Experiment,
  strata: readonly Stratum[],
  arm: number,
  version: string,
): Verdict {
  const pairs = strata.flatMap(({ shares, arms }): ArmStratum[] => {
    const [own, other] = [shares[arm]!, shares.at(-1)!];
    if (own === 0 || other === 0) return [];
    return [{ share: own / (own + other), first: arms[arm]!, second: arms.at(-1)! }];
  });
  const samples = pairs.reduce((sum, { first }) => sum + first.keys, 0);
  const controlSamples = pairs.reduce((sum, { second }) => sum + second.keys, 0);
  const fewest = Math.min(samples, controlSamples);
  if (fewest < minimumKeys) {
    const who = samples < minimumKeys ? version : "the stable version";
    const reason = `${fewest} of ${minimumKeys} keys of ${who} count yet`;
    return { status: "no-data", reason, evidence: { samples, controlSamples } };
  }
  const { estimate, low, high } = gainOf(
    compareArms(pairs, { alpha: falseWinnerRate / variants.length }),
    metric,
  );
  const evidence = {
    samples,
    controlSamples,
    estimate,
    limit: minimumEffect,
    // An open bound is absent, as JSON has no infinity.
    ...(Number.isFinite(low) && { low, high }),
  };
  const unit = metric.kind === "share" ? (value: number) => `${format(100 * value)} %` : format;
  const reason = `${metric.name} is better by ${unit(estimate)} (at least ${unit(low)}, at most ${unit(high)}) on ${samples} keys`;
  // First what is not worth having: it may be better for certain all the same.
  if (high < minimumEffect) return { status: "fail", reason, evidence };
  return { status: low > 0 ? "pass" : "inconclusive", reason, evidence };
}

/** With a metric that is to go down, less is a gain. */
function gainOf(
  found: { readonly estimate: number; readonly low: number; readonly high: number },
  { goal }: Experiment["metric"],
): { readonly estimate: number; readonly low: number; readonly high: number } {
  if (goal === "increase") return found;
  return { estimate: -found.estimate, low: -found.high, high: -found.low };
}

/** The weights of a bandit; `undefined` while a version has too few keys, or its sums are no numbers. */
function reweigh(
  { metric, minimumKeys, reweighting }: Experiment,
  strata: readonly Stratum[],
  versions: readonly string[],
  live: readonly string[],
): number[] | undefined {
  const stable = versions.length - 1;
  const arms = versions.flatMap((version, arm) => (arm === stable || live.includes(version) ? [arm] : []));
  const counts = arms.map((arm) => strata.reduce((sum, { arms: sums }) => sum + sums[arm]!.keys, 0));
  if (counts.some((count) => count < minimumKeys)) return undefined;
  const beliefs = arms.map((arm) => believe(strata, arm));
  const sign = metric.goal === "increase" ? 1 : -1;
  const seen = beliefs.map(({ mean, ...rest }) => ({
    ...rest,
    mean: metric.kind === "share" && sign < 0 ? 1 - mean : sign * mean,
  }));
  // Outcomes too large to be squared say nothing, and weights that are no numbers would route nobody.
  if (seen.some(({ mean, variance }) => !Number.isFinite(mean + variance))) return undefined;
  const best = chancesToBeBest(seen, metric.kind);
  const chances = versions.map((_, arm) => {
    const place = arms.indexOf(arm);
    return place < 0 ? undefined : best[place]!;
  });
  return weightsWithFloor(chances, reweighting!.floor); // The schema gives every bandit one.
}

/**
 * An arm's mean as if it had had every key: each is counted by one over its chance, so that an arm is
 * no better for having had more of the keys at a good time.
 */
function believe(strata: readonly Stratum[], arm: number): ArmBelief {
  let weight = 0;
  let squaredWeight = 0;
  let sum = 0;
  let squares = 0;
  for (const { shares, arms } of strata) {
    const share = shares[arm]!;
    if (share === 0) continue;
    const { keys, sum: ownSum, sumOfSquares } = arms[arm]!;
    weight += keys / share;
    squaredWeight += keys / share ** 2;
    sum += ownSum / share;
    squares += sumOfSquares / share;
  }
  const mean = sum / weight;
  return { mean, variance: Math.max(0, squares / weight - mean * mean), keys: weight ** 2 / squaredWeight };
}

function format(value: number): string {
  return String(Number(value.toPrecision(3)));
}
