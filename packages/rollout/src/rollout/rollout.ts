import type { Predictor } from "@mlops/core";

import type { AuditEntry } from "../audit/audit-entry.ts";
import type { RolloutState } from "../engine/state.ts";
import type { RolloutPolicy } from "../policy/policy.ts";
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
  promote(options: ByWhomAndWhy & { readonly to?: "next-stage" | "end" | undefined }): Promise<RolloutState>;
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

/** Who gives a command. */
export interface ByWhom {
  /** A name that the audit log keeps. */
  readonly actor: string;
}

/** Who gives a command, and why. */
export interface ByWhomAndWhy extends ByWhom {
  readonly reason: string;
}
