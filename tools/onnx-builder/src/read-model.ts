import { fromAttributeProto } from "./attribute.ts";
import { elementTypeFromCode } from "./element-type.ts";
import type { Dimension, Model, Value } from "./model.ts";
import type { Node } from "./node.ts";
import { decodeModelProto } from "./decode-model-proto.ts";
import type { DimensionProto, NodeProto, TypeProto, ValueInfoProto } from "./onnx-proto.ts";
import { fromTensorProto } from "./tensor-proto.ts";

/**
 * Reads a model: the inverse of `buildModel`, with its defaults filled in.
 *
 * Meant for models that `buildModel` wrote. In others it skips what that never writes (functions,
 * sparse initializers, the types of inner values, documentation of parts).
 *
 * @throws RangeError when the model has a value, tensor or attribute that {@link Model} cannot hold:
 *   maps, subgraphs, elements outside `raw_data`.
 * @throws Error when the bytes are no ONNX model.
 */
export function readModel(bytes: Uint8Array): Model {
  const proto = decodeModelProto(bytes);
  const { graph } = proto;
  if (!graph) throw new Error("These bytes are no ONNX model: they hold no graph.");
  const { "": opset, ...domainOpsets } = Object.fromEntries(
    proto.opsetImport.map(({ domain = "", version = 0n }) => [domain, Number(version)]),
  );
  if (opset === undefined) throw new Error("The model names no version of ONNX's own operator set.");
  return {
    name: graph.name ?? "",
    inputs: graph.input.map(fromValueInfoProto),
    outputs: graph.output.map(fromValueInfoProto),
    nodes: graph.node.map(fromNodeProto),
    initializers: Object.fromEntries(
      graph.initializer.map((tensor) => [tensor.name ?? "", fromTensorProto(tensor)]),
    ),
    opset,
    irVersion: Number(proto.irVersion ?? 0n),
    domainOpsets,
    producer: proto.producerName ?? "",
    metadata: Object.fromEntries(proto.metadataProps.map(({ key = "", value = "" }) => [key, value])),
    docString: proto.docString ?? "",
  };
}

function fromNodeProto({ opType = "", domain = "", name = "", input, output, attribute }: NodeProto): Node {
  const attributes = attribute.map((proto) => [proto.name ?? "", fromAttributeProto(proto)] as const);
  return { opType, domain, name, inputs: input, outputs: output, attributes: Object.fromEntries(attributes) };
}

function fromValueInfoProto({ name = "", type }: ValueInfoProto): Value {
  if (type?.sequenceType) return { ...fromTensorType(name, type.sequenceType.elemType), isSequence: true };
  return fromTensorType(name, type);
}

function fromTensorType(name: string, type: TypeProto | undefined): Value {
  const tensorType = type?.tensorType;
  if (!tensorType) throw new RangeError(`"${name}" is neither a tensor nor a sequence of tensors.`);
  return {
    name,
    dtype: elementTypeFromCode(tensorType.elemType),
    shape: tensorType.shape?.dim.map(fromDimensionProto),
  };
}

function fromDimensionProto({ dimValue, dimParam }: DimensionProto): Dimension {
  if (dimValue !== undefined) return Number(dimValue);
  return dimParam === undefined || dimParam === "" ? null : dimParam;
}
