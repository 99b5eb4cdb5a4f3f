import { DriftError, type DriftErrorCause, hasDriftErrorCode } from "./drift-error.ts";

/** The fields of an {@link InvalidDriftOptionsError}. */
export interface InvalidDriftOptionsErrorDetails extends DriftErrorCause {
  /** Where it is: `columns.age.kind`. */
  readonly option: string;
  /** What is wrong, as a clause: "is 0". */
  readonly problem: string;
  /** What to do about it, as a sentence. */
  readonly remedy: string;
}

/** An option has a value that it cannot have. */
export class InvalidDriftOptionsError extends DriftError {
  override readonly name = "InvalidDriftOptionsError";
  readonly code = "INVALID_DRIFT_OPTIONS";
  readonly option: string;
  readonly remedy: string;

  constructor(details: InvalidDriftOptionsErrorDetails) {
    super(`The option ${details.option} ${details.problem}. ${details.remedy}`, details);
    this.option = details.option;
    this.remedy = details.remedy;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is InvalidDriftOptionsError {
    return hasDriftErrorCode(value, "INVALID_DRIFT_OPTIONS");
  }
}
