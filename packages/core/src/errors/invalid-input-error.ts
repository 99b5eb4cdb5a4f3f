import { describeIssues, type InputIssue } from "./input-issue.ts";
import { type ErrorCause, hasErrorCode, MlopsError } from "./mlops-error.ts";

/** The fields of an {@link InvalidInputError}. */
export interface InvalidInputErrorOptions extends ErrorCause {
  /** What is wrong, field by field. */
  readonly issues: readonly InputIssue[];
}

/** The input of a prediction is not what the model takes. */
export class InvalidInputError extends MlopsError {
  override readonly name: string = "InvalidInputError";
  readonly code = "INVALID_INPUT";
  /** What is wrong, field by field. */
  readonly issues: readonly InputIssue[];

  constructor(options: InvalidInputErrorOptions) {
    super(`The input is not valid: ${describeIssues(options.issues)}.`, options);
    this.issues = options.issues;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is InvalidInputError {
    return hasErrorCode(value, "INVALID_INPUT");
  }
}
