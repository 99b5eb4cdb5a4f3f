import { DriftError, type DriftErrorCause, hasDriftErrorCode } from "./drift-error.ts";

/** The fields of an {@link InvalidDataError}. */
export interface InvalidDataErrorDetails extends DriftErrorCause {
  /** The column it is about; undefined when it is about the data as a whole. */
  readonly column?: string | undefined;
  /** What is wrong, as a clause: "has 3 values, and the others have 4". */
  readonly problem: string;
  /** What to do about it, as a sentence. */
  readonly remedy: string;
}

/** The data are not what a profile can be made of. */
export class InvalidDataError extends DriftError {
  override readonly name = "InvalidDataError";
  readonly code = "INVALID_DATA";
  readonly column: string | undefined;
  readonly remedy: string;

  constructor(details: InvalidDataErrorDetails) {
    super(
      `${details.column === undefined ? "The data" : `Column ${JSON.stringify(details.column)}`} ${details.problem}. ${details.remedy}`,
      details,
    );
    this.column = details.column;
    this.remedy = details.remedy;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is InvalidDataError {
    return hasDriftErrorCode(value, "INVALID_DATA");
  }
}
