import { messages } from "./protobuf.ts";

/**
 * The names of the inputs and outputs of an ONNX model whose shape is not declared.
 *
 * ONNX Runtime's JavaScript interface does not tell a missing shape from a scalar's, so they are
 * looked up in the file: `ModelProto.graph` (7) -> `GraphProto.input` (11), `output` (12) ->
 * `ValueInfoProto.name` (1), `.type` (2) -> `TypeProto.tensor_type` (1) -> `Tensor.shape` (2).
 * All else is skipped over. A file that is no ONNX protobuf, such as one in ORT format, has none.
 *
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
export function findShapelessValues(model: Uint8Array): ReadonlySet<string> {
  const names = new Set<string>();
  for (const graph of messages(model, 7)) {
    for (const value of [...messages(graph, 11), ...messages(graph, 12)]) {
      const [name] = messages(value, 1);
      const tensorTypes = messages(value, 2).flatMap((type) => messages(type, 1));
      const hasShape = tensorTypes.some((tensorType) => messages(tensorType, 2).length > 0);
      if (name !== undefined && !hasShape) names.add(new TextDecoder().decode(name));
    }
  }
  return names;
}
