import { DriftError, type DriftErrorCause, hasDriftErrorCode } from "../errors/drift-error.ts";

/** The fields of an {@link InvalidSchemaError}. */
export interface InvalidSchemaErrorDetails extends DriftErrorCause {
  /** Where in it: `columns[3].minimum`; empty for the whole. */
  readonly path: string;
  /** What is wrong, as a clause. */
  readonly problem: string;
}

/** What was given is not a schema of data. */
export class InvalidSchemaError extends DriftError {
  override readonly name = "InvalidSchemaError";
  readonly code = "INVALID_SCHEMA";
  readonly path: string;

  constructor(details: InvalidSchemaErrorDetails) {
    super(
      `This is no schema of data: ${details.path === "" ? "it" : details.path} ${details.problem}. Start from what inferSchema or defineSchema gives.`,
      details,
    );
    this.path = details.path;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is InvalidSchemaError {
    return hasDriftErrorCode(value, "INVALID_SCHEMA");
  }
}
