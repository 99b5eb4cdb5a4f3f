/**
 * How sequences of different length share runs: each is padded, and what the model gives for the
 * padding is cut off again. For models whose results do not change with padding that a mask covers.
 */
export interface SequenceBatching {
  /**
   * The input that tells the model which positions count, `[batch, sequence]`, such as
   * `attention_mask`. It is padded with 0. Default none: then `dimension` or `axes` says what to pad,
   * and the model has to know padding by its values.
   */
  readonly mask?: string | undefined;
  /**
   * The name of the dimension in which sequences differ. Every input that has it is padded, and every
   * output that has it is cut back. Default the second one of the `mask`.
   */
  readonly dimension?: string | undefined;
  /** The dimension, from 1, of inputs and outputs whose signature does not name it, by their names. */
  readonly axes?: Readonly<Record<string, number>> | undefined;
  /** What the inputs are padded with, by their names. Default 0. */
  readonly padding?: Readonly<Record<string, number>> | undefined;
  /**
   * Ascending lengths: two sequences share runs when the next of these is the same for both. Longer
   * ones share with those of their own length only. Default the powers of two from 16.
   */
  readonly lengths?: readonly number[] | undefined;
  /**
   * `longest` pads to the longest sequence of each run, so that the model sees no length that was not
   * asked for and a lone request is run as it is. `bucket` pads always to the next of `lengths`, for
   * devices that prepare for each shape anew. Default `longest`.
   */
  readonly padTo?: "longest" | "bucket" | undefined;
}
