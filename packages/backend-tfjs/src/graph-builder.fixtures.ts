import type { Dimension, Tensor } from "@mlops/core";

/** A node of a graph, as `model.json` has it. */
export interface NodeJson {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, unknown>>;
}

/** An input or output of a graph. */
interface ValueInfo {
  readonly name: string;
  readonly type: string;
  /** `undefined` for an unknown rank. */
  readonly shape: readonly Dimension[] | undefined;
}

/** What {@link graphModel} makes a model of. */
export interface GraphDefinition {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Nodes besides the placeholders of the inputs and the constants. */
  readonly nodes: readonly NodeJson[];
  readonly constants?: Readonly<Record<string, Tensor<"float32"> | Tensor<"int32">>>;
  readonly functions?: readonly unknown[];
  /** Whether the model tells its signature. Default true. */
  readonly hasSignature?: boolean;
}

/** A node with attributes, of which a text is the name of a type. */
export function node(
  op: string,
  name: string,
  input: readonly string[],
  attributes: Readonly<Record<string, unknown>> = {},
): NodeJson {
  const attr = Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [
      key,
      typeof value === "string" ? { type: value } : value,
    ]),
  );
  return { op, name, input, attr };
}

/** A graph model in one file: its weights are in it, as a `data:` URL. */
export function graphModel(definition: GraphDefinition): Uint8Array {
  return encodeJson(graphModelJson(definition));
}

/** The same as JSON, to be changed. */
export function graphModelJson({
  inputs,
  outputs,
  nodes,
  constants = {},
  functions,
  hasSignature = true,
}: GraphDefinition): Record<string, unknown> {
  const entry = ({ name, type, shape }: ValueInfo): unknown => ({
    name: `${name}:0`,
    dtype: type,
    tensorShape: shapeJson(shape),
  });
  const signature = {
    inputs: Object.fromEntries(inputs.map((info) => [info.name, entry(info)])),
    outputs: Object.fromEntries(outputs.map((info) => [info.name, entry(info)])),
  };
  return {
    format: "graph-model",
    ...(hasSignature ? { signature } : {}),
    modelTopology: {
      node: [
        ...inputs.map(({ name, type, shape }) => ({
          name,
          op: "Placeholder",
          attr: { dtype: { type }, shape: { shape: shapeJson(shape) } },
        })),
        ...Object.entries(constants).map(([name, { dtype }]) => ({
          name,
          op: "Const",
          attr: { dtype: { type: dtype === "int32" ? "DT_INT32" : "DT_FLOAT" } },
        })),
        ...nodes,
      ],
      ...(functions === undefined ? {} : { library: { function: functions } }),
      versions: { producer: 1, minConsumer: 1 },
    },
    weightsManifest: [
      {
        paths: [dataUrl(...Object.values(constants).map(({ data }) => data))],
        weights: Object.entries(constants).map(([name, { shape, dtype }]) => ({ name, shape, dtype })),
      },
    ],
  };
}

/** JSON as bytes. */
export function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** The bytes of arrays, one after the other, as a URL. */
export function dataUrl(...arrays: readonly ArrayBufferView[]): string {
  const bytes = arrays.flatMap(({ buffer, byteOffset, byteLength }) => [
    ...new Uint8Array(buffer, byteOffset, byteLength),
  ]);
  const binary = bytes.reduce((text, byte) => text + String.fromCharCode(byte), "");
  return `data:application/octet-stream;base64,${btoa(binary)}`;
}

function shapeJson(shape: readonly Dimension[] | undefined): unknown {
  if (shape === undefined) return { unknownRank: true };
  return { dim: shape.map((size) => ({ size: String(typeof size === "number" ? size : -1) })) };
}
