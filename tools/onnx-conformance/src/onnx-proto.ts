import { parse, type Type } from "protobufjs";

/** The part of the ONNX schema that the test cases are read by. Other fields are skipped. */
const schema = `
  syntax = "proto2";
  package onnx;

  message ModelProto {
    optional GraphProto graph = 7;
  }
  message GraphProto {
    repeated NodeProto node = 1;
    repeated ValueInfoProto input = 11;
    repeated ValueInfoProto output = 12;
  }
  message NodeProto {
    optional string op_type = 4;
    optional string domain = 7;
  }
  message ValueInfoProto {
    optional string name = 1;
    optional TypeProto type = 2;
  }
  message TypeProto {
    message Tensor {
      optional int32 elem_type = 1;
    }
    optional Tensor tensor_type = 1;
  }
  message TensorProto {
    repeated int64 dims = 1;
    optional int32 data_type = 2;
    repeated float float_data = 4 [packed = true];
    repeated int32 int32_data = 5 [packed = true];
    repeated bytes string_data = 6;
    repeated int64 int64_data = 7 [packed = true];
    optional bytes raw_data = 9;
    repeated double double_data = 10 [packed = true];
    repeated uint64 uint64_data = 11 [packed = true];
  }
`;

/** `onnx.ModelProto`. */
export interface ModelProto {
  readonly graph?: {
    readonly node: readonly { readonly opType?: string; readonly domain?: string }[];
    readonly input: readonly ValueInfoProto[];
    readonly output: readonly ValueInfoProto[];
  };
}

/** `onnx.ValueInfoProto`. A value without `tensorType` is a sequence, map or optional. */
export interface ValueInfoProto {
  readonly name?: string;
  readonly type?: { readonly tensorType?: { readonly elemType?: number } };
}

/** `onnx.TensorProto`, its elements in the field for its type, or in `rawData`, little-endian. */
export interface TensorProto {
  readonly dims: readonly bigint[];
  readonly dataType?: number;
  readonly floatData: readonly number[];
  readonly int32Data: readonly number[];
  readonly stringData: readonly Uint8Array[];
  readonly int64Data: readonly bigint[];
  readonly rawData?: Uint8Array;
  readonly doubleData: readonly number[];
  readonly uint64Data: readonly bigint[];
}

const root = parse(schema).root;
const modelType = root.lookupType("onnx.ModelProto");
const tensorType = root.lookupType("onnx.TensorProto");

/** Reads a model. @throws Error when the bytes are not a protobuf message. */
export function decodeModel(bytes: Uint8Array): ModelProto {
  return decode(modelType, bytes) as ModelProto;
}

/** Reads a tensor. @throws Error when the bytes are not a protobuf message. */
export function decodeTensor(bytes: Uint8Array): TensorProto {
  return decode(tensorType, bytes) as TensorProto;
}

function decode(type: Type, bytes: Uint8Array): object {
  return type.toObject(type.decode(bytes), { longs: BigInt, arrays: true });
}
