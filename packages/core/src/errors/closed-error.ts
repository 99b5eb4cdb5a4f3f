import { type ErrorCause, hasErrorCode, MlopsError } from "./mlops-error.ts";

/** The fields of an {@link ClosedError}. */
export interface ClosedErrorOptions extends ErrorCause {
  /** The name of the model. */
  readonly model: string;
}

/** A predictor was used after `close()`. */
export class ClosedError extends MlopsError {
  override readonly name: string = "ClosedError";
  readonly code = "CLOSED";
  /** The name of the model. */
  readonly model: string;

  constructor(options: ClosedErrorOptions) {
    super(`The predictor of ${JSON.stringify(options.model)} is closed. Create another one.`, options);
    this.model = options.model;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is ClosedError {
    return hasErrorCode(value, "CLOSED");
  }
}
