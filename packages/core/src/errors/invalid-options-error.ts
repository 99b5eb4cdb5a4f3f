import { type ErrorCause, hasErrorCode, MlopsError } from "./mlops-error.ts";

/** The fields of an {@link InvalidOptionsError}. */
export interface InvalidOptionsErrorOptions extends ErrorCause {
  /** The name of the option. */
  readonly option: string;
  /** What is wrong and what is allowed, as the end of a sentence. */
  readonly problem: string;
}

/** An option has a value that it cannot have. It is found when the option is given, not later. */
export class InvalidOptionsError extends MlopsError {
  override readonly name: string = "InvalidOptionsError";
  readonly code = "INVALID_OPTIONS";
  /** The name of the option. */
  readonly option: string;
  /** What is wrong and what is allowed, as the end of a sentence. */
  readonly problem: string;

  constructor(options: InvalidOptionsErrorOptions) {
    super(`The option ${JSON.stringify(options.option)} ${options.problem}.`, options);
    this.option = options.option;
    this.problem = options.problem;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is InvalidOptionsError {
    return hasErrorCode(value, "INVALID_OPTIONS");
  }
}
