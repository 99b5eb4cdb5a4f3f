import type { DType } from "../tensor/dtype.ts";
import { type ErrorCause, hasErrorCode, MlopsError } from "./mlops-error.ts";

/** The fields of an {@link DTypeMismatchError}. */
export interface DTypeMismatchErrorOptions extends ErrorCause {
  /** The name of the input. */
  readonly tensor: string;
  /** The element type that the model takes. */
  readonly expected: DType;
  /** The element type that was given. */
  readonly actual: DType;
}

/** A tensor has another element type than the model takes. */
export class DTypeMismatchError extends MlopsError {
  override readonly name: string = "DTypeMismatchError";
  readonly code = "DTYPE_MISMATCH";
  /** The name of the input. */
  readonly tensor: string;
  /** The element type that the model takes. */
  readonly expected: DType;
  /** The element type that was given. */
  readonly actual: DType;

  constructor(options: DTypeMismatchErrorOptions) {
    super(
      `The input ${JSON.stringify(options.tensor)} has the dtype ${options.actual}; the model takes ${options.expected}.`,
      options,
    );
    this.tensor = options.tensor;
    this.expected = options.expected;
    this.actual = options.actual;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is DTypeMismatchError {
    return hasErrorCode(value, "DTYPE_MISMATCH");
  }
}
