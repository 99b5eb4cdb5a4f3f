/**
 * The parts of `@tensorflow/tfjs-core` that are called here. Typed by this subset, the backend takes
 * any copy of it, also inside `@tensorflow/tfjs` and `@tensorflow/tfjs-node`, and needs none to compile.
 */
export interface TfjsCore {
  engine(): TfjsEngine;
  tensor(values: unknown, shape: readonly number[], dtype: string): TfjsTensor;
}

/**
 * The engine of TensorFlow.js. There is one on each thread: all copies of the package share it, as
 * the global `_tfengine`, and so the tensors, the scopes and the choice of the backend.
 */
export interface TfjsEngine {
  /** The backend that the next operation runs on; nothing before one is chosen. */
  backendName?: string | null | undefined;
  backendInstance?: object | null | undefined;
  /** The backends that were made, by name. */
  readonly registry: Record<string, object>;
  /** Settles when a backend that somebody else has chosen is ready, or has failed. */
  readonly pendingBackendInit?: Promise<boolean> | null | undefined;
  findBackendFactory(name: string): (() => object | Promise<object>) | null;
  setBackend(name: string): Promise<boolean>;
  readonly state: {
    /** The variables of everybody, by name. */
    registeredVariables: Record<string, TfjsVariable>;
  };
  startScope(name: string): void;
  /** Frees what was made since {@link startScope}, except `result` and what was kept. */
  endScope(result?: readonly TfjsTensor[]): void;
}

/** A tensor of TensorFlow.js. */
export interface TfjsTensor {
  readonly id: number;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Set on tensors that no scope frees. */
  kept?: boolean;
  dataSync(): unknown;
  data(): Promise<unknown>;
  dispose(): void;
}

/** A tensor whose values may change, and that no scope frees. */
export interface TfjsVariable extends TfjsTensor {
  name: string;
}

/** The parts of `@tensorflow/tfjs-converter` that are called. */
export interface TfjsConverter {
  loadGraphModelSync(artifacts: TfjsModelArtifacts): TfjsGraphModel;
}

/** A graph model, as converted from TensorFlow. */
export interface TfjsGraphModel {
  readonly weights: Readonly<Record<string, readonly TfjsTensor[]>>;
  /** Tables and the like that its initializer made; nothing before that. */
  readonly resourceIdToCapturedInput?: Readonly<Record<string, TfjsTensor>> | null | undefined;
  executeInitializerGraphAsync(): Promise<readonly TfjsTensor[]>;
  setResourceIdToCapturedInput(results: readonly TfjsTensor[]): void;
  execute(
    inputs: Readonly<Record<string, TfjsTensor>>,
    outputs: readonly string[],
  ): TfjsTensor | TfjsTensor[];
  executeAsync(
    inputs: Readonly<Record<string, TfjsTensor>>,
    outputs: readonly string[],
  ): Promise<TfjsTensor | TfjsTensor[]>;
  dispose(): void;
}

/** The parts of `@tensorflow/tfjs-layers` that are called. */
export interface TfjsLayers {
  loadLayersModel(handler: { readonly load: () => Promise<TfjsModelArtifacts> }): Promise<TfjsLayersModel>;
}

/** A layers model, as made by TensorFlow.js itself or by Keras. */
export interface TfjsLayersModel {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly inputs: readonly TfjsSymbolicTensor[];
  readonly outputs: readonly TfjsSymbolicTensor[];
  readonly weights: readonly { dispose(): void }[];
  readonly layers?: readonly TfjsLayer[];
  /** Whether a layer keeps its state from one prediction to the next. */
  readonly stateful?: boolean | undefined;
  build(): void;
  predictOnBatch(inputs: TfjsTensor | readonly TfjsTensor[]): TfjsTensor | readonly TfjsTensor[];
}

/** A layer, which may be a model or have another layer in it. */
export interface TfjsLayer {
  readonly layers?: readonly TfjsLayer[];
  readonly layer?: TfjsLayer;
  readonly name: string;
  /** Of an embedding: whether a 0 in its input is masked. */
  readonly maskZero?: boolean;
  getClassName(): string;
}

/** What a layers model says of an input or output. */
export interface TfjsSymbolicTensor {
  readonly dtype: string;
  /** `null` where it varies. */
  readonly shape: readonly (number | null)[];
}

/** A model in memory, which TensorFlow.js calls `io.ModelArtifacts`. */
export interface TfjsModelArtifacts {
  readonly modelTopology: object;
  readonly weightSpecs: readonly TfjsWeightSpec[];
  readonly weightData: ArrayBuffer;
  readonly format?: string | undefined;
  readonly signature?: object | undefined;
  readonly userDefinedMetadata?: object | undefined;
  readonly modelInitializer?: object | undefined;
  readonly initializerSignature?: object | undefined;
}

/** A weight in an entry of a `weightsManifest`. */
export interface TfjsWeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?:
    | { readonly dtype: string; readonly scale?: number | undefined; readonly min?: number | undefined }
    | undefined;
}

/** What `@tensorflow/tfjs-node` has besides a whole TensorFlow.js. */
export interface TfjsNode {
  readonly node: {
    loadSavedModel(path: string, tags: string[], signature: string): Promise<TfjsSavedModel>;
  };
}

/** A SavedModel that TensorFlow runs. */
interface TfjsSavedModel {
  predict(inputs: Readonly<Record<string, TfjsTensor>>): Readonly<Record<string, TfjsTensor>>;
  dispose(): void;
}
