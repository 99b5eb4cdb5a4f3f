/**
 * The parts of a layers model of TensorFlow.js that are read. Typed by this subset, any copy of the
 * package will do, and none is needed to compile.
 */
export interface LayersModelGraph {
  readonly name: string;
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  readonly weights: readonly LayerVariable[];
}

/** A tensor between layers, before there are values. */
export interface SymbolicTensor {
  readonly id: number;
  readonly dtype: string;
  /** `null` where a size varies. */
  readonly shape: readonly (number | null)[];
  readonly sourceLayer: object;
  readonly nodeIndex?: number | undefined;
  readonly tensorIndex?: number | undefined;
}

/** A weight. */
export interface LayerVariable {
  readonly originalName: string;
  read(): { readonly shape: readonly number[]; data(): Promise<ArrayLike<number>> };
}

/** A layer, as `SymbolicTensor.sourceLayer` and wrappers hold them. */
export interface LayerObject {
  readonly name: string;
  readonly weights: readonly LayerVariable[];
  readonly inboundNodes: readonly {
    readonly inputTensors: readonly SymbolicTensor[];
    readonly outputTensors: readonly SymbolicTensor[];
  }[];
  getClassName(): string;
  getConfig(): Readonly<Record<string, unknown>>;
}
