import { messages } from "./protobuf.ts";

/** Operators that quantize by the largest and smallest value of a whole tensor, all rows included. */
const operators: readonly string[] = [
  "DynamicQuantizeLinear",
  // Of ONNX Runtime's own domain, in models that it has optimized.
  "DynamicQuantizeMatMul",
  "DynamicQuantizeLSTM",
];

/**
 * The operator by which an ONNX model quantizes while it runs, so that a row's result depends on the
 * rows beside it; `undefined` where it has none.
 *
 * Looked up in the file: the nodes of `ModelProto.graph` (7) and `.functions` (25), and those of the
 * graphs in their attributes: `NodeProto.op_type` (4), `.attribute` (5) -> `AttributeProto.g` (6),
 * `.graphs` (11). A file that is no ONNX protobuf, such as one in ORT format, has none.
 *
 * @see https://onnx.ai/onnx/operators/onnx__DynamicQuantizeLinear.html
 */
export function findDynamicQuantization(model: Uint8Array): string | undefined {
  const inGraph = (graph: Uint8Array): string | undefined => firstOf(messages(graph, 1), inNode);
  const inNode = (node: Uint8Array): string | undefined => {
    const [type] = messages(node, 4);
    const name = type === undefined ? "" : new TextDecoder().decode(type);
    if (operators.includes(name)) return name;
    return firstOf(messages(node, 5), (attribute) =>
      firstOf([...messages(attribute, 6), ...messages(attribute, 11)], inGraph),
    );
  };
  return (
    firstOf(messages(model, 7), inGraph) ??
    firstOf(messages(model, 25), (definition) => firstOf(messages(definition, 7), inNode))
  );
}

/** Why the rows of a run influence each other's results, as `Session.rowDependence` says it. */
export function rowDependenceOf(model: Uint8Array): string | undefined {
  const operator = findDynamicQuantization(model);
  if (operator === undefined) return undefined;
  return `quantizes by the largest and smallest value of a run (${operator}); one of which only the weights are quantized does not`;
}

function firstOf<Found>(
  parts: readonly Uint8Array[],
  find: (part: Uint8Array) => Found | undefined,
): Found | undefined {
  for (const part of parts) {
    const found = find(part);
    if (found !== undefined) return found;
  }
  return undefined;
}
