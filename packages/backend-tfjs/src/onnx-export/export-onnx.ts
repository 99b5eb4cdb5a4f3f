import { buildModel, type Tensor } from "@mlops/onnx-builder/write";

import { GraphWriter } from "./graph-writer.ts";
import { type LayerCall, LayerOptions, type Value, type WeightReader } from "./layer-call.ts";
import { convolutionLayers } from "./layers/convolution-layers.ts";
import { plainLayers } from "./layers/plain-layers.ts";
import { recurrentLayers } from "./layers/recurrent-layers.ts";
import { shapeLayers } from "./layers/shape-layers.ts";
import { timeDistributed } from "./layers/time-distributed.ts";
import type { LayerObject, LayersModelGraph, LayerVariable, SymbolicTensor } from "./layers-model-graph.ts";
import { unsupported } from "./unsupported.ts";
import type { WriteContext, WriteLayer } from "./write-layer.ts";

/** How {@link exportOnnx} writes. */
export interface ExportOnnxOptions {
  /** The name of the graph. Default the model's own. */
  readonly name?: string | undefined;
  /** Free text by key, kept in the file. Default none. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

const layers: Readonly<Record<string, WriteLayer>> = {
  ...plainLayers,
  ...convolutionLayers,
  ...shapeLayers,
  ...recurrentLayers,
  TimeDistributed: timeDistributed,
};

/** The operator set and the file format that are written: those of ONNX 1.12. */
const [opset, irVersion] = [17, 8];

/**
 * Writes a layers model of TensorFlow.js as an ONNX model: operator set 17, float32, with the batch
 * as a dimension of its own name and the layout that the model has, channels last.
 *
 * Inputs and outputs keep the model's names. Dropout and noise go, as they do in a prediction.
 *
 * @param model - A model that was trained, loaded, or made by `createLayersModel`.
 * @returns The file's bytes.
 * @throws UnsupportedError `UNSUPPORTED` for a layer or an option that is not written, by name.
 *
 * @example
 * ```ts
 * await writeFile("model.onnx", await exportOnnx(model));
 * ```
 */
export async function exportOnnx(
  model: LayersModelGraph,
  { name = model.name, metadata = {} }: ExportOnnxOptions = {},
): Promise<Uint8Array> {
  const weights = await readWeights(model.weights);
  const writer = new GraphWriter();
  const context: WriteContext = { writer, weights, writeInner: (call) => write(call, context) };
  const inputNames = uniqueNames(model.inputs.map((tensor) => sourceOf(tensor).layer.name));
  const outputNames = uniqueNames(
    model.outputs
      .map((tensor) => sourceOf(tensor).layer.name)
      .map((own) => (inputNames.includes(own) ? `${own}_output` : own)),
  );
  for (const reserved of [...inputNames, ...outputNames]) writer.reserve(reserved);
  const inputs = model.inputs.map(({ dtype, shape }, index) => ({
    name: inputNames[index] ?? "",
    dtype: elementType(dtype, inputNames[index] ?? ""),
    shape: shape.map((size, axis) => size ?? (axis === 0 ? "batch" : `${inputNames[index]}_${axis}`)),
  }));
  const results = model.inputs.map((tensor, index): [number, Value] => [
    tensor.id,
    { name: inputNames[index] ?? "", dtype: tensor.dtype, shape: tensor.shape },
  ]);
  const outputs = writeModel(model, new Map(results), context);
  return buildModel({
    name,
    inputs,
    outputs: model.outputs.map(({ dtype, shape }, index) => {
      const output = outputNames[index] ?? "";
      writer.rename(outputs[index]?.name ?? "", output);
      return {
        name: output,
        dtype: elementType(dtype, output),
        shape: shape.map((size, axis) => size ?? (axis === 0 ? "batch" : null)),
      };
    }),
    nodes: writer.nodes,
    initializers: writer.initializers,
    opset,
    irVersion,
    producer: "@mlops/backend-tfjs",
    metadata,
  });
}

/** A second output of one layer gets a name of its own, as the backend names it. */
function uniqueNames(names: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  return names.map((name) => {
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    return count === 0 ? name : `${name}_${count}`;
  });
}

function elementType(dtype: string, name: string): "float32" | "int32" | "bool" {
  if (dtype === "float32" || dtype === "int32" || dtype === "bool") return dtype;
  throw unsupported(`The dtype ${dtype} of ${JSON.stringify(name)}`, "Use float32, int32 or bool.");
}

/** All weights, by the variable that holds each. */
async function readWeights(variables: readonly LayerVariable[]): Promise<WeightReader> {
  const tensors = new Map<LayerVariable, Tensor<"float32">>();
  for (const variable of variables) {
    const { shape, data } = ((tensor) => ({ shape: tensor.shape, data: () => tensor.data() }))(
      variable.read(),
    );
    tensors.set(variable, { dtype: "float32", shape, data: Float32Array.from(await data()) });
  }
  return (layer, name) => {
    const variable = layer.weights.find(({ originalName }) => originalName.split("/").at(-1) === name);
    return variable && tensors.get(variable);
  };
}

/** Writes what leads to the outputs of a model, whose inputs are known by the ids of their tensors. */
function writeModel(
  { outputs }: Pick<LayersModelGraph, "outputs">,
  known: Map<number, Value>,
  context: WriteContext,
): readonly Value[] {
  // Depth first without recursion, because models can have thousands of layers.
  const pending = [...outputs];
  for (let tensor = pending.at(-1); tensor !== undefined; tensor = pending.at(-1)) {
    const current = tensor;
    const { layer, node } = sourceOf(current);
    const missing = known.has(current.id) ? [] : node.inputTensors.filter(({ id }) => !known.has(id));
    if (missing.length > 0) {
      pending.push(...missing);
      continue;
    }
    pending.pop();
    if (known.has(current.id)) continue;
    const values = node.inputTensors.map(({ id }) => known.get(id)).filter((value) => value !== undefined);
    const [first, ...rest] = values;
    if (first === undefined)
      throw unsupported(
        `The layer ${JSON.stringify(layer.name)} without an input`,
        "Use inputs of the model.",
      );
    const names = write(
      {
        layer,
        className: layer.getClassName(),
        config: new LayerOptions(layer.getConfig()),
        inputs: [first, ...rest],
        outputShapes: node.outputTensors.map(({ shape }) => shape),
      },
      context,
    );
    node.outputTensors.forEach(({ id, dtype, shape }, index) => {
      known.set(id, { name: names[index] ?? "", dtype, shape });
    });
  }
  return outputs.map(({ id }) => known.get(id)).filter((value) => value !== undefined);
}

function sourceOf({ sourceLayer, nodeIndex = 0 }: SymbolicTensor): {
  readonly layer: LayerObject;
  readonly node: LayerObject["inboundNodes"][number];
} {
  // What makes a tensor is a layer; TensorFlow.js's own type of it is wider than what is read here.
  const layer = sourceLayer as LayerObject;
  return { layer, node: layer.inboundNodes[nodeIndex] ?? { inputTensors: [], outputTensors: [] } };
}

function write(call: LayerCall, context: WriteContext): readonly string[] {
  const { layer, className, inputs } = call;
  if (isModel(layer)) {
    const known = layer.inputs.map((tensor, index): [number, Value] => [
      tensor.id,
      inputs[index] ?? inputs[0],
    ]);
    return writeModel(layer, new Map(known), context).map(({ name }) => name);
  }
  const writeLayer = Object.hasOwn(layers, className) ? layers[className] : undefined;
  if (writeLayer !== undefined) return writeLayer(call, context);
  throw unsupported(
    `The layer ${className} ${JSON.stringify(layer.name)}`,
    `The layers that are written are ${Object.keys(layers).sort().join(", ")}.`,
  );
}

/** A model inside a model is a layer of it. */
function isModel(layer: LayerObject): layer is LayerObject & LayersModelGraph {
  return Array.isArray(Reflect.get(layer, "outputs")) && Array.isArray(Reflect.get(layer, "layers"));
}
