import { type Dimension, type DType, ModelLoadError, type Signature, type TensorInfo } from "@mlops/core";

import { isRecord, type ModelJson } from "./model-json.ts";
import { fromTensorFlowType } from "./tensorflow-dtype.ts";

/**
 * What a graph model takes and gives: by its signature where it has one, which `model.json` keeps
 * in either of two places; else the placeholders of its graph are the inputs, and the nodes that no
 * other uses are the outputs.
 *
 * @throws ModelLoadError `MODEL_LOAD_FAILED` when a type is one that TensorFlow.js has not.
 */
export function readGraphSignature(
  { modelTopology, signature, userDefinedMetadata }: ModelJson,
  location: string,
): Signature {
  const nodes = readNodes(modelTopology);
  const declared = signature ?? memberOf(userDefinedMetadata, "signature");
  const inputs = declaredInfos(memberOf(declared, "inputs"), nodes, location);
  const outputs = declaredInfos(memberOf(declared, "outputs"), nodes, location);
  return {
    inputs: Object.freeze(inputs ?? placeholders(nodes, location)),
    outputs: Object.freeze(outputs ?? leaves(nodes, location)),
  };
}

/** A node of a graph, as its JSON has it. */
interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, unknown>>;
}

function readNodes(topology: object): ReadonlyMap<string, GraphNode> {
  const nodes = new Map<string, GraphNode>();
  const list: unknown = Reflect.get(topology, "node");
  for (const node of Array.isArray(list) ? (list as readonly unknown[]) : []) {
    const { name, op, input = [], attr = {} } = isRecord(node) ? node : {};
    if (typeof name !== "string" || typeof op !== "string" || !Array.isArray(input) || !isRecord(attr))
      continue;
    nodes.set(name, { name, op, input: input.map(String), attr });
  }
  return nodes;
}

function declaredInfos(
  declared: unknown,
  nodes: ReadonlyMap<string, GraphNode>,
  location: string,
): TensorInfo[] | undefined {
  if (!isRecord(declared) || Object.keys(declared).length === 0) return undefined;
  return (
    Object.entries(declared)
      // A resource, such as a table, is made by the model itself.
      .filter(([, info]) => memberOf(info, "resourceId") === undefined)
      .map(([name, info]) => {
        const tensorName = memberOf(info, "name");
        const node = nodes.get(nodeName(typeof tensorName === "string" ? tensorName : name));
        const type = memberOf(info, "dtype");
        const dtype = type === undefined ? typeOfNode(node, nodes) : fromTensorFlowType(type);
        const shape = memberOf(info, "tensorShape");
        return toInfo(name, dtype, toShape(shape ?? attributeOf(node, "shape", "shape")), location);
      })
  );
}

function placeholders(nodes: ReadonlyMap<string, GraphNode>, location: string): TensorInfo[] {
  return [...nodes.values()]
    .filter(({ op }) => op.startsWith("Placeholder"))
    .map((node) =>
      toInfo(node.name, typeOfNode(node, nodes), toShape(attributeOf(node, "shape", "shape")), location),
    );
}

function leaves(nodes: ReadonlyMap<string, GraphNode>, location: string): TensorInfo[] {
  const used = new Set([...nodes.values()].flatMap(({ input }) => input.map(nodeName)));
  return [...nodes.values()]
    .filter(
      ({ name, op }) => !used.has(name) && op !== "NoOp" && op !== "Const" && !op.startsWith("Placeholder"),
    )
    .map((node) => toInfo(node.name, typeOfNode(node, nodes), undefined, location));
}

/** Operations that give truth values whatever they take. */
const comparisons =
  /^(Equal|NotEqual|Greater|GreaterEqual|Less|LessEqual|LogicalAnd|LogicalOr|LogicalNot|LogicalXor|IsNan|IsInf|IsFinite|All|Any)$/;

/** The attributes that may name the type of a node's first output, the most telling one first. */
const typeAttributes = [
  "DstT",
  "out_type",
  "output_type",
  "element_dtype",
  "dtype",
  "Tparams",
  "Toutput_types",
  "T",
];

/** The type of a node's first output, from its own attributes: tfjs knows none without a signature. */
function typeOfNode(
  node: GraphNode | undefined,
  nodes: ReadonlyMap<string, GraphNode>,
  depth = 0,
): DType | undefined {
  if (node === undefined || depth > 100) return undefined;
  if (comparisons.test(node.op)) return "bool";
  if (/^Arg(Max|Min)$/.test(node.op)) return "int32";
  for (const name of typeAttributes) {
    const dtype = fromTensorFlowType(attributeOf(node, name, "type"));
    if (dtype !== undefined) return dtype;
  }
  return typeOfNode(nodes.get(nodeName(node.input[0] ?? "")), nodes, depth + 1);
}

function toInfo(
  name: string,
  dtype: DType | undefined,
  shape: readonly Dimension[] | undefined,
  location: string,
): TensorInfo {
  if (dtype !== undefined) return Object.freeze({ name, dtype, shape });
  throw new ModelLoadError({
    location,
    problem: `${JSON.stringify(name)} is of a type that TensorFlow.js has not, or does not tell its type`,
  });
}

/** A `TensorShapeProto`: without dimensions it is a scalar's, unless it says that the rank is unknown. */
function toShape(shape: unknown): readonly Dimension[] | undefined {
  if (!isRecord(shape) || shape["unknownRank"] === true) return undefined;
  const { dim = [] } = shape;
  if (!Array.isArray(dim)) return undefined;
  return Object.freeze(
    dim.map((dimension: unknown) => {
      const size = Number(memberOf(dimension, "size") ?? -1);
      return Number.isSafeInteger(size) && size >= 0 ? size : null;
    }),
  );
}

function attributeOf(node: GraphNode | undefined, name: string, kind: "type" | "shape"): unknown {
  return node === undefined ? undefined : memberOf(node.attr[name], kind);
}

/** `dense/BiasAdd:1` is an output of the node `dense/BiasAdd`, and `^init` a node to wait for. */
function nodeName(reference: string): string {
  return reference.replace(/^\^/, "").replace(/:\d+$/, "");
}

function memberOf(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
