import type { BudgetVerdict } from "../budget/budget-gate.ts";
import { drawnBuckets } from "../engine/experiment/begin-experiment.ts";
import { countedRules, elapsedMs, isDropped, stageOf } from "../engine/gates.ts";
import { patienceByStatus, type Phase, type RolloutState, type Run } from "../engine/state.ts";
import type { Verdict } from "../guardrail/verdict.ts";
import { bucketCount } from "../routing/bucket.ts";
import { formatDuration, formatShare } from "./format.ts";

/** How a rollout is, for people and dashboards. */
export interface RolloutStatus {
  /** `idle` where no candidate is under way. */
  readonly phase: Phase | "idle";
  /** One sentence: where it is and what it waits for. */
  readonly summary: string;
  /** What would change it, one sentence each; none where nothing is under way. */
  readonly next: readonly string[];
  readonly stable: string | null;
  readonly candidate: string | null;
  /** The fraction of keys that the candidate answers. */
  readonly weight: number;
  /** Of an experiment: the fraction of keys that each version answers, by version; those that are out are with the stable one. */
  readonly weights?: Readonly<Record<string, number>> | undefined;
  /** The stage under way, from 1, and how many there are; absent where nothing is under way. */
  readonly stage?:
    | { readonly number: number; readonly count: number; readonly elapsedMs: number }
    | undefined;
  /** What each guardrail said last. */
  readonly verdicts: Readonly<Record<string, Verdict | null>>;
  /** What the error budget was when the rollout under way last asked; absent where it asks none. */
  readonly budget?: BudgetVerdict | undefined;
  /** This replica: how old what it knows is, in milliseconds, and what went wrong with the store last. */
  readonly replica: { readonly stalenessMs: number; readonly problem: string | undefined };
}

/** Says how a rollout is, from its state. */
export function describeState(state: RolloutState, now: number): Omit<RolloutStatus, "replica"> {
  const { stable, run, last } = state;
  if (run === null) {
    const before =
      last === null
        ? ""
        : ` ${last.candidate} was ${describeResult(last.result)} by ${last.actor}: ${last.reason}.`;
    const summary = stable === null ? "Nothing is rolled out yet." : `${stable} answers everybody.${before}`;
    return { phase: "idle", summary, next: [], stable, candidate: null, weight: 0, verdicts: {} };
  }
  const { candidate, phase, policy, stage, reason, guardrails } = run;
  const { weight } = stageOf(run);
  const place = `stage ${stage + 1} of ${policy.stages.length}`;
  const weights = stable === null ? undefined : weightsOf(run, stable);
  const answers =
    weights === undefined
      ? `${candidate} answers ${formatShare(weight)}`
      : Object.entries(weights)
          .map(([version, share]) => `${version} answers ${formatShare(share)}`)
          .join(", ");
  return {
    phase,
    summary: `${answers} of the keys (${place})${phase === "paused" ? " and is paused" : ""}: ${reason}.`,
    next: whatWouldChangeIt(run, now),
    stable,
    candidate,
    weight: weights?.[candidate] ?? weight,
    ...(weights !== undefined && { weights }),
    stage: { number: stage + 1, count: policy.stages.length, elapsedMs: elapsedMs(run, now) },
    ...(run.budget !== undefined && { budget: run.budget }),
    verdicts: Object.fromEntries(Object.entries(guardrails).map(([name, { verdict }]) => [name, verdict])),
  };
}

/** The fractions of keys of an experiment's versions, the stable one last. */
function weightsOf(run: Run, stable: string): Record<string, number> | undefined {
  const { experiment, policy } = run;
  if (experiment === undefined || policy.experiment === undefined) return undefined;
  const drawn = drawnBuckets(run).map((buckets) => buckets / bucketCount);
  const candidates = policy.experiment.variants.flatMap(({ version }, arm) =>
    isDropped(run, version) ? [] : [[version, drawn[arm]!] as const],
  );
  const rest = candidates.reduce((left, [, share]) => left - Math.round(share * bucketCount), bucketCount);
  return Object.fromEntries([...candidates, [stable, rest / bucketCount]]);
}

function whatWouldChangeIt(run: Run, now: number): string[] {
  const { holdMs, approvals } = stageOf(run);
  const next: string[] = [];
  if (run.phase === "paused") next.push("somebody resumes, promotes or aborts it");
  if (holdMs !== null && run.phase === "running") {
    const leftMs = Math.max(0, holdMs - elapsedMs(run, now));
    if (leftMs > 0) next.push(`the stage lasts ${formatDuration(leftMs)} more at least`);
  }
  if (run.experiment !== undefined)
    next.push("a version is better, or worse, than the stable one for certain");
  const missing = approvals - run.approvedBy.length;
  if (missing > 0)
    next.push(`${missing} ${missing === 1 ? "person approves" : "people approve"} it, last of all`);
  for (const rule of countedRules(run)) {
    const { name } = rule;
    const { verdict, since } = run.guardrails[name]!;
    if (verdict === null || since === null || verdict.status === "pass") continue;
    next.push(`${name} passes`);
    const key = patienceByStatus[verdict.status];
    const patience = key === undefined ? undefined : rule[key];
    if (patience === undefined || patience.deadlineMs === null) continue;
    const leftMs = Math.max(0, patience.deadlineMs - (now - since));
    const outcome = patience.afterwards === "rollback" ? "it is rolled back" : "it is paused";
    next.push(`${name} stays ${verdict.status} for ${formatDuration(leftMs)} more, and ${outcome}`);
  }
  if (run.policy.guardrails.some(({ dryRun }) => !dryRun))
    next.push("a guardrail fails, and it is rolled back at once");
  return next;
}

function describeResult(result: "completed" | "rolled-back" | "replaced"): string {
  return { completed: "promoted", "rolled-back": "rolled back", replaced: "replaced" }[result];
}
