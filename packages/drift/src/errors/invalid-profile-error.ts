import { DriftError, type DriftErrorCause, hasDriftErrorCode } from "./drift-error.ts";

/** The fields of an {@link InvalidProfileError}. */
export interface InvalidProfileErrorDetails extends DriftErrorCause {
  /** Where in it: `columns[3].numbers.counts`; empty for the whole. */
  readonly path: string;
  /** What is wrong, as a clause. */
  readonly problem: string;
}

/** What was given is not the JSON of a profile. */
export class InvalidProfileError extends DriftError {
  override readonly name = "InvalidProfileError";
  readonly code = "INVALID_PROFILE";
  readonly path: string;

  constructor(details: InvalidProfileErrorDetails) {
    super(
      `This is no profile: ${details.path === "" ? "it" : details.path} ${details.problem}. Pass what profileToJson gave.`,
      details,
    );
    this.path = details.path;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is InvalidProfileError {
    return hasDriftErrorCode(value, "INVALID_PROFILE");
  }
}
