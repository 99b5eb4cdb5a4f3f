import { type ErrorCause, hasErrorCode, MlopsError } from "./mlops-error.ts";

/** The fields of an {@link AbortedError}. */
export interface AbortedErrorOptions extends ErrorCause {
  /** Where the work was. A running model is not interrupted; its result is dropped. */
  readonly stage: "queued" | "running" | "loading";
}

/** The caller's `AbortSignal` was aborted. Its reason is the `cause`. */
export class AbortedError extends MlopsError {
  override readonly name: string = "AbortedError";
  readonly code = "ABORTED";
  /** Where the work was. A running model is not interrupted; its result is dropped. */
  readonly stage: "queued" | "running" | "loading";

  constructor(options: AbortedErrorOptions) {
    super(`The caller aborted while the work was ${options.stage}.`, options);
    this.stage = options.stage;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is AbortedError {
    return hasErrorCode(value, "ABORTED");
  }
}
