import { hasRolloutErrorCode, RolloutError } from "./rollout-error.ts";

/** What an {@link InvalidPolicyError} is made of. */
export interface InvalidPolicyDetails {
  /** Where in the policy, such as `steps[2].weight`. */
  readonly field: string;
  /** What is wrong with it and what it may be, to follow the field's name: `is 1.2; it has to be …`. */
  readonly problem: string;
  readonly cause?: unknown;
}

/** A policy, or a part of one, that cannot be meant. Nothing was changed. */
export class InvalidPolicyError extends RolloutError {
  override readonly name: string = "InvalidPolicyError";
  override readonly code = "INVALID_POLICY";
  readonly field: string;
  readonly problem: string;

  constructor({ field, problem, cause }: InvalidPolicyDetails) {
    super(`The policy is not valid: ${field} ${problem}.`, { cause });
    this.field = field;
    this.problem = problem;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is InvalidPolicyError {
    return hasRolloutErrorCode(value, "INVALID_POLICY");
  }
}
