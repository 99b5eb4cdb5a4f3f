import { DriftError, type DriftErrorCause, hasDriftErrorCode } from "./drift-error.ts";

/** The fields of an {@link IncompatibleProfilesError}. */
export interface IncompatibleProfilesErrorDetails extends DriftErrorCause {
  /** The column that differs; undefined when the columns are not the same ones. */
  readonly column?: string | undefined;
  /** How they differ, as a clause. */
  readonly problem: string;
}

/** Two profiles were counted on different cells, so that their counts cannot be added or compared. */
export class IncompatibleProfilesError extends DriftError {
  override readonly name = "IncompatibleProfilesError";
  readonly code = "INCOMPATIBLE_PROFILES";
  readonly column: string | undefined;

  constructor(details: IncompatibleProfilesErrorDetails) {
    super(
      `The profiles do not fit together: ${details.column === undefined ? "" : `column ${JSON.stringify(details.column)} `}${details.problem}. Count both on the cells of one reference: createProfileBuilder({ reference }).`,
      details,
    );
    this.column = details.column;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is IncompatibleProfilesError {
    return hasDriftErrorCode(value, "INCOMPATIBLE_PROFILES");
  }
}
