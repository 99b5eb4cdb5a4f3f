import type { Predictor } from "@mlops/core";

import type { AuditEntry } from "../audit/audit-entry.ts";
import type { RolloutState } from "../engine/state.ts";
import type { RolloutPolicy } from "../policy/policy.ts";
import type { OutcomeReceipt } from "./assignments.ts";
import type { RolloutChange } from "./change.ts";
import type { RolloutStatus } from "./status.ts";

/**
 * Several versions behind one predictor: it answers from the stable version, and moves keys to a
 * candidate and back as its policy says. All replicas with one store act as one.
 */
export interface Rollout<Input, Output> extends Predictor<Input, Output> {
  /** The newest state that this replica knows. */
  readonly state: RolloutState;

  /**
   * Starts to roll a candidate out.
   *
   * @throws InvalidPolicyError `INVALID_POLICY`
   * @throws RolloutConflictError `ROLLOUT_CONFLICT`, as where another one is under way.
   */
  start(candidate: string, policy: RolloutPolicy, options: ByWhom): Promise<RolloutState>;
  /** Approves the stage under way, when everything else about it is done. */
  approve(options: ByWhom): Promise<RolloutState>;
  /** Goes to the next stage, or to the end, whatever the guardrails say. */
  promote(
    options: ByWhomAndWhy & {
      readonly to?: "next-stage" | "end" | undefined;
      /** Of an experiment: which of its versions. Default the one that leads. */
      readonly version?: string | undefined;
    },
  ): Promise<RolloutState>;
  /** Stops the clock. The guardrails go on watching. */
  pause(options: ByWhomAndWhy): Promise<RolloutState>;
  /** Lets the clock go on. */
  resume(options: ByWhom): Promise<RolloutState>;
  /** Rolls back. */
  abort(options: ByWhomAndWhy): Promise<RolloutState>;

  /**
   * Says that the answer for a key turned out to be right or wrong, as when its label came. It counts
   * for the version that the key has now: tell it in the stage that the answer was given in.
   */
  reportQuality(report: { readonly key: string; readonly isCorrect: boolean }): void;

  /**
   * Says what would have been the right answer to the last shadowed request of a key, for guardrails that
   * compare both versions' answers pair by pair. The pair is in the replica that answered: tell that one.
   *
   * @returns Whether it had such a pair.
   */
  reportTruth(report: { readonly key: string; readonly truth: unknown }): boolean;

  /**
   * Says what came of the answer for a key, for the experiment under way. A key counts once: with its
   * first outcome, in the version that it was given at its first request, whichever replica is told.
   *
   * @throws InvalidOptionsError `INVALID_OPTIONS` when the value is none that the metric has.
   */
  reportOutcome(report: OutcomeReport): Promise<OutcomeReceipt>;

  /**
   * Reads what other replicas did, and judges when that is due. It happens by itself every
   * `pollMs`; a test, or a function that is woken by requests only, calls it.
   */
  tick(): Promise<RolloutState>;

  /** Where it is, what it waits for, and what would change it, in words. */
  status(): RolloutStatus;
  /**
   * Calls `listener` with each newer state that this replica learns of, for dashboards and logs: within
   * `pollMs` of the change, wherever it was made. What it throws is lost.
   *
   * @returns What ends it.
   */
  subscribe(listener: (change: RolloutChange) => void): () => void;
  /** Everything that was decided, and what from. */
  audit(): AsyncIterable<AuditEntry>;
}

/** What came of an answer. */
export interface OutcomeReport {
  readonly key: string;
  /** The name of the experiment's metric. */
  readonly metric: string;
  /** Of a share: whether it happened. Of a mean: the number. */
  readonly value: boolean | number;
}

/** Who gives a command. */
export interface ByWhom {
  /** A name that the audit log keeps. */
  readonly actor: string;
}

/** Who gives a command, and why. */
export interface ByWhomAndWhy extends ByWhom {
  readonly reason: string;
}
