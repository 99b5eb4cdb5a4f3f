import { type ErrorCause, hasErrorCode, MlopsError } from "./mlops-error.ts";

/** The fields of an {@link EmptyBatchError}. */
export interface EmptyBatchErrorOptions extends ErrorCause {
  /** The name of the input whose batch dimension is 0. */
  readonly tensor: string;
}

/** A request holds no rows. */
export class EmptyBatchError extends MlopsError {
  override readonly name: string = "EmptyBatchError";
  readonly code = "EMPTY_BATCH";
  /** The name of the input whose batch dimension is 0. */
  readonly tensor: string;

  constructor(options: EmptyBatchErrorOptions) {
    super(
      `The input ${JSON.stringify(options.tensor)} has no rows: its first dimension, the batch, is 0. Give at least one row.`,
      options,
    );
    this.tensor = options.tensor;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is EmptyBatchError {
    return hasErrorCode(value, "EMPTY_BATCH");
  }
}
