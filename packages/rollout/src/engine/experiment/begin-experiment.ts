import { RolloutConflictError } from "../../errors/rollout-conflict-error.ts";
import type { Experiment } from "../../policy/experiment.ts";
import { isDropped } from "../gates.ts";
import type { ExperimentState, Run } from "../state.ts";
import { bucketsOf, layOut } from "./layout.ts";

/**
 * How an experiment stands at first.
 *
 * @throws RolloutConflictError `ROLLOUT_CONFLICT` where it is started with a version that is none of
 *   its own, or there is none to compare them with.
 */
export function beginExperiment(
  { variants }: Experiment,
  {
    candidate,
    stable,
    now,
  }: { readonly candidate: string; readonly stable: string | null; readonly now: number },
): ExperimentState {
  if (stable === null) {
    const message = "An experiment compares with the stable version, and there is none. Promote one first.";
    throw new RolloutConflictError(message, { reason: "no-stable-version" });
  }
  const versions = variants.map(({ version }) => version);
  if (!versions.includes(candidate) || versions.includes(stable)) {
    const wrong = versions.includes(stable) ? stable : candidate;
    const why =
      wrong === stable ? "it is the stable version, which the others are compared with" : "it is none";
    throw new RolloutConflictError(`${wrong} cannot be one of ${versions.join(", ")}: ${why}.`, {
      reason: "not-a-variant",
    });
  }
  return { layout: layOut(weightsOf(variants)), reweightedAt: now, dropped: [], findings: null };
}

/** The weights of all versions, the stable one's last. */
function weightsOf(variants: Experiment["variants"]): number[] {
  const weights = variants.map(({ weight }) => weight);
  return [...weights, 1 - weights.reduce((sum, weight) => sum + weight, 0)];
}

/**
 * What new keys are drawn by: how many of the 10,000 buckets each version has, the stable one last. One
 * that is out has none, as keys of its buckets do not count.
 */
export function drawnBuckets(run: Run): number[] {
  const { policy, experiment } = run;
  const versions = policy.experiment?.variants.map(({ version }) => version) ?? [];
  const buckets = bucketsOf(experiment?.layout ?? [], versions.length + 1);
  return buckets.map((count, arm) => (isDropped(run, versions[arm] ?? "") ? 0 : count));
}

/** The versions of an experiment that are not out. */
export function liveVariants(run: Run): string[] {
  const variants = run.policy.experiment?.variants ?? [];
  return variants.flatMap(({ version }) => (isDropped(run, version) ? [] : [version]));
}

/**
 * The version, if it is one that can be promoted.
 *
 * @throws RolloutConflictError `ROLLOUT_CONFLICT`
 */
export function liveVariant(run: Run, version: string): string {
  const known = run.policy.experiment === undefined ? [run.candidate] : liveVariants(run);
  if (known.includes(version)) return version;
  const message = `${version} cannot be promoted: it is none of ${known.join(", ")}.`;
  throw new RolloutConflictError(message, { reason: "not-a-variant" });
}
