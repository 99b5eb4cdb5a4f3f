import { type ErrorCause, hasErrorCode, MlopsError } from "./mlops-error.ts";

/** The fields of an {@link UnsupportedError}. */
export interface UnsupportedErrorOptions extends ErrorCause {
  /** What was asked for. */
  readonly feature: string;
  /** What to do instead, as a sentence. */
  readonly remedy: string;
}

/** What was asked for is not supported here. */
export class UnsupportedError extends MlopsError {
  override readonly name: string = "UnsupportedError";
  readonly code = "UNSUPPORTED";
  /** What was asked for. */
  readonly feature: string;
  /** What to do instead, as a sentence. */
  readonly remedy: string;

  constructor(options: UnsupportedErrorOptions) {
    super(`${options.feature} is not supported. ${options.remedy}`, options);
    this.feature = options.feature;
    this.remedy = options.remedy;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is UnsupportedError {
    return hasErrorCode(value, "UNSUPPORTED");
  }
}
