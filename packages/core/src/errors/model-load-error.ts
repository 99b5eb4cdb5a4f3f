import { type ErrorCause, hasErrorCode, MlopsError } from "./mlops-error.ts";

/**
 * Why a model's file could not be read: there is none; the server wants credentials; it sent an HTML
 * page; the file is larger than allowed; the connection broke or never came about; the file came
 * short; the server failed; it refused.
 */
export type ModelLoadReason =
  | "not-found"
  | "access-denied"
  | "html-page"
  | "too-large"
  | "network"
  | "truncated"
  | "server-error"
  | "refused";

/** The fields of an {@link ModelLoadError}. */
export interface ModelLoadErrorOptions extends ErrorCause {
  /** Where the model was to come from: a path, a URL, or a word for bytes in memory. */
  readonly location: string;
  /** What went wrong, as the end of a sentence. */
  readonly problem: string;
  /** What kind of problem it was, for a file that could not be read from a server. */
  readonly reason?: ModelLoadReason | undefined;
}

/** A model could not be read or was refused by its runtime. */
export class ModelLoadError extends MlopsError {
  override readonly name: string = "ModelLoadError";
  readonly code = "MODEL_LOAD_FAILED";
  /** Where the model was to come from: a path, a URL, or a word for bytes in memory. */
  readonly location: string;
  /** What went wrong, as the end of a sentence. */
  readonly problem: string;
  /** What kind of problem it was, for a file that could not be read from a server; else `undefined`. */
  readonly reason: ModelLoadReason | undefined;

  constructor(options: ModelLoadErrorOptions) {
    super(`The model at ${options.location} could not be loaded: ${options.problem}.`, options);
    this.location = options.location;
    this.problem = options.problem;
    this.reason = options.reason;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is ModelLoadError {
    return hasErrorCode(value, "MODEL_LOAD_FAILED");
  }
}
