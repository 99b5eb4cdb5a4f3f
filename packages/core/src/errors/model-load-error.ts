import { type ErrorCause, hasErrorCode, MlopsError } from "./mlops-error.ts";

/** The fields of an {@link ModelLoadError}. */
export interface ModelLoadErrorOptions extends ErrorCause {
  /** Where the model was to come from: a path, a URL, or a word for bytes in memory. */
  readonly location: string;
  /** What went wrong, as the end of a sentence. */
  readonly problem: string;
}

/** A model could not be read or was refused by its runtime. */
export class ModelLoadError extends MlopsError {
  override readonly name: string = "ModelLoadError";
  readonly code = "MODEL_LOAD_FAILED";
  /** Where the model was to come from: a path, a URL, or a word for bytes in memory. */
  readonly location: string;
  /** What went wrong, as the end of a sentence. */
  readonly problem: string;

  constructor(options: ModelLoadErrorOptions) {
    super(`The model at ${options.location} could not be loaded: ${options.problem}.`, options);
    this.location = options.location;
    this.problem = options.problem;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is ModelLoadError {
    return hasErrorCode(value, "MODEL_LOAD_FAILED");
  }
}
