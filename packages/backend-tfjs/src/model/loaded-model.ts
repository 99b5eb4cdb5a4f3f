import type { Signature } from "@mlops/core";

import type { TfjsTensor } from "../runtime.ts";

/** Tensors of TensorFlow.js by name. */
export type TfjsTensorMap = Readonly<Record<string, TfjsTensor>>;

/** A model of any format, in the memory of one engine. */
export interface LoadedModel {
  readonly signature: Signature;
  /**
   * Computes the outputs of these names, in their order. Whether it has to wait is the same for
   * all runs of a model.
   */
  readonly execute: (
    inputs: TfjsTensorMap,
    outputs: readonly string[],
  ) => readonly TfjsTensor[] | Promise<readonly TfjsTensor[]>;
  /** Whether `execute` has to wait. */
  readonly isAsync: boolean;
  dispose(): void;
}
