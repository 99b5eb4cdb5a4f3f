import { hasRolloutErrorCode, RolloutError } from "./rollout-error.ts";

/** Why an event does not fit the state. */
export type ConflictReason =
  /** There is no rollout under way. */
  | "no-rollout"
  /** Another candidate is under way, and its policy does not let itself be replaced. */
  | "rollout-under-way"
  /** The candidate is the stable version already. */
  | "already-stable"
  /** Everything else is not done yet, so there is nothing to approve. */
  | "not-awaiting-approval"
  /** The approval is for a stage that is over. */
  | "stage-is-over"
  /** Who started the rollout may not approve it. */
  | "self-approval"
  /** They have approved this stage before. */
  | "approved-before"
  /** The error budget has no room for a rollout. */
  | "error-budget-spent"
  /** It is not paused. */
  | "not-paused"
  /** There is no version to go back to, or to compare with. */
  | "no-stable-version"
  /** The version is none of the experiment's, or is out of it. */
  | "not-a-variant";

/** A command that cannot be carried out as things are. Nothing was changed. */
export class RolloutConflictError extends RolloutError {
  override readonly name: string = "RolloutConflictError";
  override readonly code = "ROLLOUT_CONFLICT";
  readonly reason: ConflictReason;

  constructor(message: string, { reason }: { readonly reason: ConflictReason }) {
    super(message);
    this.reason = reason;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is RolloutConflictError {
    return hasRolloutErrorCode(value, "ROLLOUT_CONFLICT");
  }
}
