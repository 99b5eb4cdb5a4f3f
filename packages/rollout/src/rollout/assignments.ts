import type { Attributes } from "../cohort/attributes.ts";
import type { ExperimentFindings, Run } from "../engine/state.ts";

/**
 * What keys were given, kept: `createAssignments` of `@mlops/rollout/experiments` makes one. A rollout
 * that has it can run A/B tests and bandits, and policies that are `sticky`.
 */
export interface Assignments {
  /** The version that a key has and keeps. */
  keep(request: KeepRequest): Kept | Promise<Kept>;
  /** Counts what came of a key's answer, once. */
  report(report: KeyOutcome): Promise<OutcomeReceipt>;
  /** What all outcomes that are due say of an experiment. */
  judge(
    request: JudgeRequest,
  ): Promise<{ readonly findings: ExperimentFindings; readonly evidence: unknown }>;
}

/** What a key keeps. */
export interface Kept {
  readonly version: string;
  /** Whether its requests count for the version. A key that has it for another reason than its hash compares with nobody. */
  readonly isCounted: boolean;
}

/** Whose assignments they are. */
export interface AssignmentScope {
  /** The rollout's name. */
  readonly rollout: string;
  /** The rollout's epoch: each start of an experiment counts anew. */
  readonly epoch: number;
  readonly run: Run;
  /** The version that the others are compared with. */
  readonly stable: string;
  /** Milliseconds since the Unix epoch, by the clock that the replicas share. */
  readonly now: number;
}

/** A request that {@link Assignments} is asked about. */
export interface KeepRequest extends AssignmentScope {
  readonly key: string;
  readonly attributes: Attributes;
  /** The version by the key's hash. */
  readonly version: string;
  /** Whether its requests count by its hash: not outside the cohort, nor where the version is out. */
  readonly isCounted: boolean;
}

/** What came of a key's answer. */
export interface KeyOutcome extends AssignmentScope {
  readonly key: string;
  readonly value: number;
}

/**
 * What became of a reported outcome.
 *
 * - `counted`: it counts when the key's time is over.
 * - `unknown-key`: the key has had no version in this experiment, or none that counts.
 * - `late`: the key's time was over.
 * - `repeated`: the key has an outcome already; the first counts.
 * - `no-experiment`: no experiment with this metric is under way.
 */
export type OutcomeReceipt = "counted" | "unknown-key" | "late" | "repeated" | "no-experiment";

/** What {@link Assignments.judge} is asked. */
export interface JudgeRequest extends AssignmentScope {
  readonly signal?: AbortSignal | undefined;
}
