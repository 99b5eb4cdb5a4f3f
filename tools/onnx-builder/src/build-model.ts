import { toAttributeProto } from "./attribute.ts";
import { elementTypeCodes } from "./element-type.ts";
import type { Dimension, ModelDefinition, Value } from "./model.ts";
import type { Node } from "./node.ts";
import { encodeModelProto } from "./encode-model-proto.ts";
import type { DimensionProto, NodeProto, TypeProto, ValueInfoProto } from "./onnx-proto.ts";
import { toTensorProto } from "./tensor-proto.ts";

/**
 * Writes an ONNX model. The same definition always gives the same bytes.
 *
 * The graph itself is for the runtime to check: names that nothing produces, types that do not
 * fit and unknown operators come out when the model is loaded.
 *
 * @throws RangeError when a dimension is no whole number of at least 0 or an empty name, a tensor's
 *   element count is not the product of its shape, or a node's domain has no version in `domainOpsets`.
 * @throws TypeError when a tensor's data is not the array that its dtype calls for.
 */
export function buildModel(definition: ModelDefinition): Uint8Array {
  const {
    name,
    inputs,
    outputs,
    nodes,
    initializers = {},
    opset = 17,
    irVersion = 8,
    domainOpsets = {},
    producer = "@mlops/onnx-builder",
    metadata = {},
    docString = "",
  } = definition;
  for (const { opType, domain } of nodes) {
    if (domain !== "" && !Object.hasOwn(domainOpsets, domain)) {
      throw new RangeError(`Node ${opType} is of the domain "${domain}": give its version in domainOpsets.`);
    }
  }
  return encodeModelProto({
    irVersion: BigInt(irVersion),
    producerName: producer,
    docString,
    opsetImport: Object.entries({ "": opset, ...domainOpsets }).map(([domain, version]) => ({
      domain,
      version: BigInt(version),
    })),
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name,
      node: nodes.map(toNodeProto),
      initializer: Object.entries(initializers).map(([key, tensor]) => toTensorProto(key, tensor)),
      input: inputs.map(toValueInfoProto),
      output: outputs.map(toValueInfoProto),
    },
  });
}

function toNodeProto({ opType, inputs, outputs, attributes, domain, name }: Node): NodeProto {
  return {
    opType,
    domain,
    name,
    input: inputs,
    output: outputs,
    attribute: Object.entries(attributes).map(([key, attribute]) => toAttributeProto(key, attribute)),
  };
}

function toValueInfoProto({ name, dtype, shape, isSequence = false }: Value): ValueInfoProto {
  const tensorType: TypeProto["tensorType"] = {
    elemType: elementTypeCodes[dtype],
    ...(shape && { shape: { dim: shape.map((dimension) => toDimensionProto(name, dimension)) } }),
  };
  return { name, type: isSequence ? { sequenceType: { elemType: { tensorType } } } : { tensorType } };
}

function toDimensionProto(valueName: string, dimension: Dimension): DimensionProto {
  if (dimension === null) return {};
  if (typeof dimension === "string" && dimension !== "") return { dimParam: dimension };
  if (Number.isSafeInteger(dimension) && Number(dimension) >= 0) return { dimValue: BigInt(dimension) };
  throw new RangeError(
    `A dimension of "${valueName}" is ${JSON.stringify(dimension)}: give a whole number of at least 0, a name, or null.`,
  );
}
