import type {
  AttributeProto,
  DimensionProto,
  GraphProto,
  ModelProto,
  NodeProto,
  TensorProto,
  TypeProto,
  ValueInfoProto,
} from "./onnx-proto.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

/** The wire format of a model. Fields are in the order of their numbers. */
export function encodeModelProto(model: ModelProto): Uint8Array {
  const writer = new ProtobufWriter()
    .int64(1, model.irVersion)
    .string(2, model.producerName)
    .string(6, model.docString)
    .message(7, model.graph, writeGraph);
  for (const set of model.opsetImport) {
    writer.message(8, set, (inner, { domain, version }) => inner.string(1, domain).int64(2, version));
  }
  for (const entry of model.metadataProps) {
    writer.message(14, entry, (inner, { key, value }) => inner.string(1, key).string(2, value));
  }
  return writer.finish();
}

function writeGraph(writer: ProtobufWriter, graph: GraphProto): void {
  for (const node of graph.node) writer.message(1, node, writeNode);
  writer.string(2, graph.name);
  for (const tensor of graph.initializer) writer.message(5, tensor, writeTensor);
  for (const input of graph.input) writer.message(11, input, writeValueInfo);
  for (const output of graph.output) writer.message(12, output, writeValueInfo);
}

function writeNode(writer: ProtobufWriter, node: NodeProto): void {
  for (const name of node.input) writer.string(1, name);
  for (const name of node.output) writer.string(2, name);
  writer.string(3, node.name).string(4, node.opType);
  for (const attribute of node.attribute) writer.message(5, attribute, writeAttribute);
  writer.string(7, node.domain);
}

function writeAttribute(writer: ProtobufWriter, attribute: AttributeProto): void {
  writer
    .string(1, attribute.name)
    .float(2, attribute.f)
    .int64(3, attribute.i)
    .bytes(4, attribute.s)
    .message(5, attribute.t, writeTensor);
  for (const value of attribute.floats ?? []) writer.float(7, value);
  for (const value of attribute.ints ?? []) writer.int64(8, value);
  for (const value of attribute.strings ?? []) writer.bytes(9, value);
  writer.int32(20, attribute.type);
}

function writeTensor(writer: ProtobufWriter, tensor: TensorProto): void {
  for (const size of tensor.dims) writer.int64(1, size);
  writer.int32(2, tensor.dataType);
  for (const text of tensor.stringData ?? []) writer.bytes(6, text);
  writer.string(8, tensor.name).bytes(9, tensor.rawData);
}

function writeValueInfo(writer: ProtobufWriter, { name, type }: ValueInfoProto): void {
  writer.string(1, name).message(2, type, writeType);
}

function writeType(writer: ProtobufWriter, { tensorType, sequenceType }: TypeProto): void {
  writer.message(1, tensorType, (inner, { elemType, shape }) => {
    inner.int32(1, elemType).message(2, shape, (dimensions, { dim }) => {
      for (const dimension of dim) dimensions.message(1, dimension, writeDimension);
    });
  });
  writer.message(4, sequenceType, (inner, { elemType }) => inner.message(1, elemType, writeType));
}

function writeDimension(writer: ProtobufWriter, { dimValue, dimParam }: DimensionProto): void {
  writer.int64(1, dimValue).string(2, dimParam);
}
