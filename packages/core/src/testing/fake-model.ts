import type { Precision } from "../backend/session.ts";
import type { TensorMap } from "../tensor/tensor.ts";
import type { Signature } from "../tensor/tensor-info.ts";

/** A model that is a function. */
export interface FakeModel extends Signature {
  /**
   * Computes every output. It may give its inputs back: the backend copies what it hands out.
   * What it throws fails the run.
   */
  readonly compute: (inputs: TensorMap) => TensorMap | Promise<TensorMap>;
  /** The most rows of one run. Default `Infinity`. */
  readonly maxBatchSize?: number | undefined;
  /** Default false. */
  readonly supportsParallelRuns?: boolean | undefined;
  /** Default exact. */
  readonly precision?: Precision | undefined;
  /** Default `fake`. */
  readonly device?: string | undefined;
}
