import { end } from "../end.ts";
import type { RolloutEvent } from "../event.ts";
import { elapsedMs } from "../gates.ts";
import type { ExperimentFindings, RolloutState, Run } from "../state.ts";
import type { Step } from "../step.ts";
import { liveVariants } from "./begin-experiment.ts";
import { type DropCause, dropVariants } from "./drop-variants.ts";
import { bucketsOf, moveBuckets } from "./layout.ts";

/** What the outcomes lead to: a step that ends the tick, a pause, or a run to go on with. */
export interface Compared {
  /** With what was heard; where a version is better for certain, that one is its candidate. */
  readonly run: Run;
  readonly step?: Step | undefined;
  readonly pause?: DropCause | undefined;
  /** Why nobody is promoted yet; absent where one may be. */
  readonly waitsFor?: string | undefined;
  /** Why one may be promoted. */
  readonly why?: string | undefined;
}

type Tick = Extract<RolloutEvent, { readonly type: "tick" }>;

/**
 * Hears the outcomes of an experiment. A split that is not as planned stops it; a version that is not
 * worth having for certain is dropped; one that is better for certain may be promoted, through the
 * gates that every rollout has; and a bandit moves its weights.
 */
export function compareVariants(state: RolloutState, run: Run, { findings }: Tick, now: number): Compared {
  if (findings === undefined) {
    return undecided(state, run, now) ?? { run, waitsFor: "waits for the outcomes to be read" };
  }
  const heard: Run = { ...run, experiment: { ...run.experiment!, findings } };
  const { sampleRatio } = findings;
  if (sampleRatio.status === "fail") {
    return { run: heard, pause: { actor: "policy", reason: `sample ratio: ${sampleRatio.reason}` } };
  }
  const live = liveVariants(heard);
  const standings = findings.variants.filter(({ version }) => live.includes(version));
  const losers = standings.filter(({ verdict }) => verdict.status === "fail");
  if (losers.length > 0) {
    const causes = losers.map(({ version, verdict }) => ({
      actor: "policy",
      reason: verdict.reason,
      variant: version,
    }));
    return { run: heard, step: dropVariants({ ...state, run: heard }, heard, causes, now) };
  }
  const winner = best(standings.filter(({ verdict }) => verdict.status === "pass"));
  if (winner !== undefined) {
    const { version, verdict } = winner;
    const isOther = version !== heard.candidate;
    // What was approved was another version.
    const changed = isOther ? ({ phase: "running", approvedBy: [] } as const) : {};
    return {
      run: { ...heard, ...changed, candidate: version },
      why: `${version} is better: ${verdict.reason}`,
    };
  }
  const inVain = undecided(state, heard, now);
  if (inVain !== undefined) return inVain;
  const waitsFor = `waits for a version that is better for certain; ${describe(standings)}`;
  return { run: heard, waitsFor, step: reweight({ ...state, run: heard }, heard, findings, now) };
}

/** What comes of an experiment that has had its time; `undefined` before that, and where what was heard last is a decision. */
function undecided(state: RolloutState, run: Run, now: number): Compared | undefined {
  const { deadlineMs, afterwards } = run.policy.experiment!.onUndecided; // Its caller has one.
  if (deadlineMs === null || elapsedMs(run, now) < deadlineMs) return undefined;
  const live = liveVariants(run);
  const standings = run.experiment?.findings?.variants ?? [];
  // A winner that waits for its approval is not given up for outcomes that could not be read once.
  if (standings.some(({ version, verdict }) => verdict.status === "pass" && live.includes(version))) {
    return undefined;
  }
  const cause = { actor: "policy", reason: `nothing was decided in ${deadlineMs} ms` };
  if (afterwards === "pause") return { run, pause: cause };
  return { run, step: end({ ...state, run }, run, { ...cause, result: "rolled-back" }, now) };
}

type Standing = ExperimentFindings["variants"][number];

function best(standings: readonly Standing[]): Standing | undefined {
  const gainOf = ({ verdict }: Standing): number => verdict.evidence.estimate ?? 0;
  return standings.toSorted((a, b) => gainOf(b) - gainOf(a))[0];
}

function describe(standings: readonly Standing[]): string {
  return standings.map(({ version, verdict }) => `${version}: ${verdict.reason}`).join("; ");
}

/** Moves a bandit's weights, where it is time and it is worth it. */
function reweight(
  state: RolloutState,
  run: Run,
  { weights }: ExperimentFindings,
  now: number,
): Step | undefined {
  const { reweighting } = run.policy.experiment!; // Its caller has one.
  const experiment = run.experiment!;
  if (reweighting === null || weights === undefined) return undefined;
  if (now - experiment.reweightedAt < reweighting.everyMs) return undefined;
  const layout = moveBuckets(experiment.layout, weights);
  const [before, after] = [experiment.layout, layout].map((spans) => bucketsOf(spans, weights.length));
  const shift = Math.max(...after!.map((buckets, version) => Math.abs(buckets - before![version]!))) / 10_000;
  if (shift === 0 || shift < reweighting.minimumShift) return undefined;
  const reason = `the weights are ${weights.map((weight) => Number(weight.toFixed(4))).join(", ")} now`;
  const next: Run = {
    ...run,
    phase: "running",
    reason,
    experiment: { ...experiment, layout, reweightedAt: now },
  };
  return { state: { ...state, run: next }, transition: { type: "reweighted", reason, actor: "policy" } };
}
