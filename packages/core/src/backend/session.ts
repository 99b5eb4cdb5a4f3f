import type { TensorMap } from "../tensor/tensor.ts";
import type { Signature } from "../tensor/tensor-info.ts";
import type { Warning } from "../warning.ts";

/**
 * A loaded model on one device.
 *
 * Limits are data: core validates, queues and batches, so that an implementation only runs.
 */
export interface Session extends Signature {
  /** Where it runs, such as `cpu`, `cuda` or `webgpu`. */
  readonly device: string;
  /** The most rows (first dimension) that one run may have; `Infinity` for no limit. */
  readonly maxBatchSize: number;
  /** Whether `doRun` may be called again before it has settled. If not, core calls it one at a time. */
  readonly supportsParallelRuns: boolean;
  /** How far results may lie from exact arithmetic. */
  readonly precision: Precision;
  /** What is not as it was asked for, though it works. Default none. */
  readonly warnings?: readonly Warning[];
  /** Bytes that the loaded model takes, of whichever memory is scarce. Default the size of the files it was loaded from. */
  readonly memoryBytes?: number | undefined;
  /**
   * Cores that a run keeps busy; 0 where it computes elsewhere, as on a GPU. Default what
   * the `threads` of its load asked for.
   */
  readonly threads?: number | undefined;
  /**
   * Why the rows of a run influence each other's results, such as "quantizes by the largest value of a
   * run": what follows "the model". Requests then share no runs unless they are told to. Default the
   * rows are independent, as far as the signature tells.
   */
  readonly rowDependence?: string | undefined;
  /**
   * Runs the model. Only core calls it, with inputs that fit the signature.
   *
   * It neither changes the inputs nor keeps them after it has settled, and it neither keeps nor
   * reuses the memory of the outputs that it returns.
   *
   * @returns Every output that `options.outputs` names, or all of them.
   */
  doRun(inputs: TensorMap, options: RunOptions): Promise<TensorMap>;
  /**
   * Frees the model. A second call waits for the first. Core calls it when no run is under way; one
   * that is ends by its result or a typed error all the same, and one that comes later by a typed
   * error.
   */
  release(): Promise<void>;
}

/** Options of {@link Session.doRun}. */
export interface RunOptions {
  /** The names of the outputs to compute; `undefined` for all of them. */
  readonly outputs?: readonly string[] | undefined;
  /** A runtime that can stop early may; core drops the result either way. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A declared accuracy: a result `y` of an exact value `x` has |y - x| at most
 * `absolute + relative * |x|`. Conformance tests hold a session to it.
 */
export interface Precision {
  readonly relative: number;
  readonly absolute: number;
}
