import { type ErrorCause, hasErrorCode, MlopsError } from "./mlops-error.ts";

/** The fields of an {@link IntegrityError}. */
export interface IntegrityErrorOptions extends ErrorCause {
  /** Where the bytes came from. */
  readonly location: string;
  /** Which property differs. */
  readonly property: "sha256" | "sizeBytes";
  /** The declared value. */
  readonly expected: string | number;
  /** The value found. */
  readonly actual: string | number;
}

/** The bytes of a model are not those that were declared: the file is damaged, truncated or another one. */
export class IntegrityError extends MlopsError {
  override readonly name: string = "IntegrityError";
  readonly code = "INTEGRITY_MISMATCH";
  /** Where the bytes came from. */
  readonly location: string;
  /** Which property differs. */
  readonly property: "sha256" | "sizeBytes";
  /** The declared value. */
  readonly expected: string | number;
  /** The value found. */
  readonly actual: string | number;

  constructor(options: IntegrityErrorOptions) {
    super(
      `The model file at ${options.location} is not the declared one: its ${options.property} is ${options.actual}, ` +
        `declared is ${options.expected}. Fetch it again, or update the declaration if the change was meant.`,
      options,
    );
    this.location = options.location;
    this.property = options.property;
    this.expected = options.expected;
    this.actual = options.actual;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is IntegrityError {
    return hasErrorCode(value, "INTEGRITY_MISMATCH");
  }
}
