import type { Dimension } from "../tensor/tensor-info.ts";
import { type ErrorCause, hasErrorCode, MlopsError } from "./mlops-error.ts";

/** The fields of an {@link ShapeMismatchError}. */
export interface ShapeMismatchErrorOptions extends ErrorCause {
  /** The name of the input. */
  readonly tensor: string;
  /** The shape that the model takes; names stand for sizes that vary. */
  readonly expected: readonly Dimension[];
  /** The shape that was given. */
  readonly actual: readonly number[];
  /** Which dimension does not fit and why, as the end of a sentence. */
  readonly problem: string;
}

/** A tensor has another shape than the model takes. */
export class ShapeMismatchError extends MlopsError {
  override readonly name: string = "ShapeMismatchError";
  readonly code = "SHAPE_MISMATCH";
  /** The name of the input. */
  readonly tensor: string;
  /** The shape that the model takes; names stand for sizes that vary. */
  readonly expected: readonly Dimension[];
  /** The shape that was given. */
  readonly actual: readonly number[];
  /** Which dimension does not fit and why, as the end of a sentence. */
  readonly problem: string;

  constructor(options: ShapeMismatchErrorOptions) {
    super(
      `The input ${JSON.stringify(options.tensor)} has the shape [${options.actual.join(", ")}]; the model takes ` +
        `[${options.expected.map((size) => size ?? "?").join(", ")}]: ${options.problem}.`,
      options,
    );
    this.tensor = options.tensor;
    this.expected = options.expected;
    this.actual = options.actual;
    this.problem = options.problem;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is ShapeMismatchError {
    return hasErrorCode(value, "SHAPE_MISMATCH");
  }
}
