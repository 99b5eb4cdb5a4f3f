import { type ErrorCause, hasErrorCode, MlopsError } from "./mlops-error.ts";

/** The fields of an {@link BackendError}. */
export interface BackendErrorOptions extends ErrorCause {
  /** The name of the backend. */
  readonly backend: string;
  /** What went wrong, as the end of a sentence. */
  readonly problem: string;
}

/** The runtime failed while it ran the model, or gave something that is no valid result. */
export class BackendError extends MlopsError {
  override readonly name: string = "BackendError";
  readonly code = "BACKEND_FAILED";
  /** The name of the backend. */
  readonly backend: string;
  /** What went wrong, as the end of a sentence. */
  readonly problem: string;

  constructor(options: BackendErrorOptions) {
    super(`The ${options.backend} backend failed: ${options.problem}.`, options);
    this.backend = options.backend;
    this.problem = options.problem;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is BackendError {
    return hasErrorCode(value, "BACKEND_FAILED");
  }
}
