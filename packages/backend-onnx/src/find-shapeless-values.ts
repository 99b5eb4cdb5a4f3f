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

const wireType = { varint: 0, fixed64: 1, lengthDelimited: 2, fixed32: 5 } as const;

/** The bytes of every length-delimited field with the given number. */
function messages(bytes: Uint8Array, fieldNumber: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  let offset = 0;
  const readVarint = (): number => {
    let value = 0;
    for (let factor = 1; offset < bytes.length; factor *= 128) {
      const byte = bytes[offset]!;
      offset += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 128) break;
    }
    return value;
  };
  while (offset < bytes.length) {
    const tag = readVarint();
    const type = tag % 8;
    if (type === wireType.varint) readVarint();
    else if (type === wireType.fixed64) offset += 8;
    else if (type === wireType.fixed32) offset += 4;
    else if (type === wireType.lengthDelimited) {
      const length = readVarint();
      if (Math.floor(tag / 8) === fieldNumber) found.push(bytes.subarray(offset, offset + length));
      offset += length;
    } else break;
  }
  return found;
}
