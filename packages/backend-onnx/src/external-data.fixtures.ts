import { buildModel, node } from "@mlops/onnx-builder";

/** A protobuf field of bytes. Fields may be appended: what is there twice is merged. */
function field(number: number, ...parts: readonly (Uint8Array | string)[]): Uint8Array {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([varint(number * 8 + 2), varint(body.byteLength), body]);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; bytes.length === 0 || rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push((rest % 128) + (rest >= 128 ? 128 : 0));
  }
  return Uint8Array.from(bytes);
}

/** A `TensorProto` of three floats that lie in a file at `location`, from `offset` on. */
function externalTensor(name: string, location: string, offset = 0): Uint8Array {
  return externalTensorOf(name, field(13, field(1, "location"), field(2, location)), offset);
}

function externalTensorOf(name: string, location: Uint8Array, offset: number): Uint8Array {
  const entry = (key: string, value: string): Uint8Array => field(13, field(1, key), field(2, value));
  return Buffer.concat([
    // dims 1: [3]; data_type 2: FLOAT.
    Uint8Array.of(8, 3, 16, 1),
    field(8, name),
    location,
    entry("offset", String(offset)),
    entry("length", "12"),
    // data_location 14: EXTERNAL.
    Uint8Array.of(112, 1),
  ]);
}

/** y = x + one + two, where `one` and `two` are vectors of 3 in files of their own. */
export function externalModel(one: string, two: string, offset = 0): Uint8Array {
  const model = buildModel({
    name: "external",
    inputs: [{ name: "x", dtype: "float32", shape: ["batch", 3] }],
    outputs: [{ name: "y", dtype: "float32", shape: ["batch", 3] }],
    nodes: [node("Add", ["x", "one"], ["sum"]), node("Add", ["sum", "two"], ["y"])],
  });
  const graph = field(7, field(5, externalTensor("one", one)), field(5, externalTensor("two", two, offset)));
  return Buffer.concat([model, graph]);
}

/** Files that protobuf reads as a model with a tensor at `path`, by what might hide that from others. */
export function hidingModels(path: string): Readonly<Record<string, Uint8Array>> {
  const entry = field(13, field(1, "location"), field(2, path));
  const graph = (location: Uint8Array): Uint8Array => field(5, externalTensorOf("one", location, 0));
  const model = field(7, graph(entry));
  const whole = externalModel("harmless.bin", "harmless.bin");
  return {
    "a group before the graph": Buffer.concat([group(), model, whole]),
    "a group in a group, with what looks like a graph": Buffer.concat([
      group(group(), field(7)),
      model,
      whole,
    ]),
    "a tag with bits that are dropped": Buffer.concat([
      whole,
      Uint8Array.of(0x80 + 7 * 8 + 2, 0x80, 0x80, 0x80, 0x10),
      model.subarray(1),
    ]),
    "another key before the key": Buffer.concat([
      whole,
      field(7, graph(field(13, field(1, "offset"), field(1, "location"), field(2, path)))),
    ]),
    "another path before the path": Buffer.concat([
      whole,
      field(7, graph(field(13, field(1, "location"), field(2, "harmless.bin"), field(2, path)))),
    ]),
  };
}

/** A group, which protobuf has given up and still reads over. */
function group(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([varint(100 * 8 + 3), ...parts, varint(100 * 8 + 4)]);
}

/** A model whose tensors with external data are in every place where one can be. */
export function nestedModel(): Uint8Array {
  const tensor = (name: string): Uint8Array => externalTensor(name, name);
  const nodeWith = (attribute: Uint8Array): Uint8Array => field(1, field(5, attribute));
  const graph = field(
    7,
    field(5, tensor("initializer")),
    field(15, field(1, tensor("sparse-values")), field(2, tensor("sparse-indices"))),
    nodeWith(field(5, tensor("attribute"))),
    nodeWith(field(10, tensor("attribute-list"))),
    nodeWith(field(22, field(1, tensor("sparse-attribute")))),
    nodeWith(field(6, field(5, tensor("subgraph")), nodeWith(field(11, field(5, tensor("sub-subgraph")))))),
  );
  const definition = field(
    25,
    field(7, field(5, field(5, tensor("function")))),
    field(11, field(5, tensor("function-default"))),
  );
  return Buffer.concat([graph, definition, field(20, field(1, field(5, tensor("training"))))]);
}
