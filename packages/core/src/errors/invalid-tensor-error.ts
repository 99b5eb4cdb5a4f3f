import { type ErrorCause, hasErrorCode, MlopsError } from "./mlops-error.ts";

/** The fields of an {@link InvalidTensorError}. */
export interface InvalidTensorErrorOptions extends ErrorCause {
  /** What is wrong with it, as the end of a sentence. */
  readonly problem: string;
  /** The name of the tensor, where it has one. */
  readonly tensor?: string | undefined;
}

/** A value that should be a tensor is not one: its dtype, shape and data do not fit together. */
export class InvalidTensorError extends MlopsError {
  override readonly name: string = "InvalidTensorError";
  readonly code = "INVALID_TENSOR";
  /** What is wrong with it, as the end of a sentence. */
  readonly problem: string;
  /** The name of the tensor, where it has one. */
  readonly tensor: string | undefined;

  constructor(options: InvalidTensorErrorOptions) {
    super(
      `${options.tensor === undefined ? "The tensor" : `The tensor ${JSON.stringify(options.tensor)}`} ${options.problem}.`,
      options,
    );
    this.problem = options.problem;
    this.tensor = options.tensor;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is InvalidTensorError {
    return hasErrorCode(value, "INVALID_TENSOR");
  }
}
