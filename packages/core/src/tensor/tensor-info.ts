import type { DType } from "./dtype.ts";

/**
 * One dimension of a signature: a number when it is fixed, a name when it is symbolic (equal
 * names mean equal sizes within one request), `null` when nothing is known of it.
 */
export type Dimension = number | string | null;

/** What a model says of one of its inputs or outputs. */
export interface TensorInfo {
  readonly name: string;
  readonly dtype: DType;
  /** Its dimensions, `[]` for a scalar; `undefined` when the model does not tell. */
  readonly shape: readonly Dimension[] | undefined;
}

/** What a model takes and gives. */
export interface Signature {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
}
