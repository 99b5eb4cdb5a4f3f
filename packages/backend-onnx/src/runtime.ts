/**
 * The part of `onnxruntime-common` that is called here. Typed by this subset, the backend takes
 * `onnxruntime-node`, `onnxruntime-web` and stand-ins alike, and needs none of them to compile.
 */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array, options: object): Promise<OnnxInferenceSession>;
  };
  readonly Tensor: new (type: never, data: never, dims: readonly number[]) => OnnxTensor;
  /** The execution providers that it was built with; only `onnxruntime-node` can say. */
  listSupportedBackends?(): readonly OnnxSupportedBackend[];
}

/** An execution provider that a runtime was built with. */
export interface OnnxSupportedBackend {
  readonly name: string;
  /** Whether all that it needs is in the package, or has to be installed beside it. */
  readonly bundled: boolean;
}

/** What a runtime's session offers. */
export interface OnnxInferenceSession {
  readonly inputMetadata: readonly OnnxValueMetadata[];
  readonly outputMetadata: readonly OnnxValueMetadata[];
  run(feeds: Readonly<Record<string, never>>, fetches: readonly string[]): OnnxResults | Promise<OnnxResults>;
  release(): Promise<void>;
}

/** What a runtime says of an input or output: a tensor, or else a sequence or map. */
export type OnnxValueMetadata =
  | {
      readonly name: string;
      readonly isTensor: true;
      readonly type: string;
      /** Symbolic dimensions by name, `""` without one; `[]` for a scalar and for an unknown rank. */
      readonly shape: readonly (number | string)[];
    }
  | { readonly name: string; readonly isTensor: false };

/** A runtime's tensor in CPU memory. */
export interface OnnxTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}

/** The outputs of a run, by name. */
export type OnnxResults = Readonly<Record<string, OnnxTensor>>;
