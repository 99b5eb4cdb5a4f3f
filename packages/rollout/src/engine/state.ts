import type { BudgetVerdict } from "../budget/budget-gate.ts";
import type { Verdict, VerdictStatus } from "../guardrail/verdict.ts";
import type { RolloutPolicy } from "../policy/policy.ts";

/**
 * All that is known of a rollout, as JSON. Every change makes a new one with the next `revision`;
 * a store takes it only where the one before it is what it holds.
 */
export interface RolloutState {
  readonly schemaVersion: 1;
  /** Counts the changes. It never goes back. */
  readonly revision: number;
  /** Counts the rollouts that were started. What was decided in one epoch is void in the next. */
  readonly epoch: number;
  /** The latest time that a change was made at, in milliseconds since the Unix epoch. Time does not go back behind it. */
  readonly clock: number;
  /** The version that answers whoever does not have the candidate: the last healthy one. `null` before there was one. */
  readonly stable: string | null;
  /** The rollout under way; `null` for none. */
  readonly run: Run | null;
  /** How the last one ended; `null` before any did. */
  readonly last: Ending | null;
}

/** A rollout under way. */
export interface Run {
  readonly candidate: string;
  readonly policy: RolloutPolicy;
  readonly phase: Phase;
  /** Why it is in this phase, in words. */
  readonly reason: string;
  readonly startedAt: number;
  readonly startedBy: string;
  /** The index of the policy's stage that it is in. */
  readonly stage: number;
  /** When the stage was entered. */
  readonly stageEnteredAt: number;
  /** The revision that the stage was entered with: what was measured before it is void. */
  readonly stageRevision: number;
  /** Milliseconds of the stage that were spent in a pause, without the present one. */
  readonly pausedMs: number;
  /** When the present pause began; `null` outside of one. */
  readonly pausedAt: number | null;
  /** When the guardrails are to be asked next. */
  readonly nextTickAt: number;
  /** What each guardrail has said, by its name. */
  readonly guardrails: Readonly<Record<string, GuardrailRecord>>;
  /** Who has approved this stage. */
  readonly approvedBy: readonly string[];
  /** What the error budget was when it was asked last; absent where there is none. */
  readonly budget?: BudgetVerdict | undefined;
  /** How an A/B test or a bandit stands; absent for any other rollout. */
  readonly experiment?: ExperimentState | undefined;
}

/** How an A/B test or a bandit stands. Versions are counted in the policy's order, the stable one last. */
export interface ExperimentState {
  /** Which version has how many of the 10,000 buckets, in their order. */
  readonly layout: readonly Span[];
  /** When the weights moved last, or when it began. */
  readonly reweightedAt: number;
  /** The versions that are out, with why. The stable version answers their keys, which no longer count. */
  readonly dropped: readonly { readonly version: string; readonly reason: string }[];
  /** What the outcomes said last; `null` before they were heard. */
  readonly findings: ExperimentFindings | null;
}

/** Some buckets in a row that one version has: its index, and how many they are. */
export type Span = readonly [version: number, buckets: number];

/** What the outcomes of all keys say: how each variant does beside the stable version. */
export interface ExperimentFindings {
  /** `fail`: keys are not split as the weights say, so no comparison means anything. */
  readonly sampleRatio: Verdict;
  /** By version: `pass` is better for certain, `fail` is not worth having for certain. */
  readonly variants: readonly { readonly version: string; readonly verdict: Verdict }[];
  /** Of a bandit: the weights that the outcomes are for, of each version; absent while there are too few. */
  readonly weights?: readonly number[] | undefined;
}

/**
 * - `running`: the guardrails are asked, and the gates are waited for.
 * - `awaiting-approval`: every gate but approval is open. The guardrails are still asked.
 * - `paused`: nothing moves on. The guardrails are still asked, and a `fail` still rolls back.
 */
export type Phase = "running" | "awaiting-approval" | "paused";

/** What one guardrail has said in a rollout. */
export interface GuardrailRecord {
  /** What it said last in this stage; `null` before it was asked. */
  readonly verdict: Verdict | null;
  /** Since when it has said so without a break; `null` before it was asked. */
  readonly since: number | null;
  /** `fail`s in a row. */
  readonly consecutiveFailures: number;
  /** `fail`s in the whole rollout. */
  readonly totalFailures: number;
  /** `error`s in the whole rollout; they count as no failure of the candidate. */
  readonly totalErrors: number;
}

/** How a rollout ended. */
export interface Ending {
  readonly result: "completed" | "rolled-back" | "replaced";
  readonly candidate: string;
  readonly reason: string;
  /** Who ended it: a person, or `guardrail:` and its name, or `policy`. */
  readonly actor: string;
  readonly at: number;
}

/** Which of a guardrail's statuses is waited out with patience, and by which rule. */
export const patienceByStatus: Readonly<
  Partial<Record<VerdictStatus, "onInconclusive" | "onNoData" | "onError">>
> = Object.freeze({ inconclusive: "onInconclusive", "no-data": "onNoData", error: "onError" });

/** The state before anything happened. */
export function initialState(stable: string | null = null): RolloutState {
  return { schemaVersion: 1, revision: 0, epoch: 0, clock: 0, stable, run: null, last: null };
}
