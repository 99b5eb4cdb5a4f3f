/** `onnx.ModelProto`: absent fields are absent keys, 64-bit integers are bigints. */
export interface ModelProto {
  readonly irVersion?: bigint;
  readonly producerName?: string;
  readonly docString?: string;
  readonly graph?: GraphProto;
  readonly opsetImport: readonly { readonly domain?: string; readonly version?: bigint }[];
  readonly metadataProps: readonly { readonly key?: string; readonly value?: string }[];
}

/** `onnx.GraphProto`. */
export interface GraphProto {
  readonly name?: string;
  readonly node: readonly NodeProto[];
  readonly initializer: readonly TensorProto[];
  readonly input: readonly ValueInfoProto[];
  readonly output: readonly ValueInfoProto[];
}

/** `onnx.NodeProto`. */
export interface NodeProto {
  readonly name?: string;
  readonly opType?: string;
  readonly domain?: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly AttributeProto[];
}

/** `onnx.AttributeProto`; `type` tells which of the other fields counts. */
export interface AttributeProto {
  readonly name?: string;
  readonly type?: number;
  readonly f?: number;
  readonly i?: bigint;
  readonly s?: Uint8Array;
  readonly t?: TensorProto;
  readonly floats?: readonly number[];
  readonly ints?: readonly bigint[];
  readonly strings?: readonly Uint8Array[];
}

/** `onnx.TensorProto`, its elements in `rawData`, little-endian, or in `stringData`. */
export interface TensorProto {
  readonly name?: string;
  readonly dataType?: number;
  readonly dims: readonly bigint[];
  readonly rawData?: Uint8Array;
  readonly stringData?: readonly Uint8Array[];
}

/** `onnx.ValueInfoProto`. */
export interface ValueInfoProto {
  readonly name?: string;
  readonly type?: TypeProto;
}

/** `onnx.TypeProto`. A tensor without `shape` has an unknown rank. */
export interface TypeProto {
  readonly tensorType?: {
    readonly elemType?: number;
    readonly shape?: { readonly dim: readonly DimensionProto[] };
  };
  readonly sequenceType?: { readonly elemType?: TypeProto };
}

/** `onnx.TensorShapeProto.Dimension`: one of both fields, or none for an unknown size. */
export interface DimensionProto {
  readonly dimValue?: bigint;
  readonly dimParam?: string;
}
