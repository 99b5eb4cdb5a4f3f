import { FormatProblem } from "./format-problem.ts";
import { numberCalls } from "./call-order.ts";
import { type Graph, type GraphLayer, type GraphValue, toGraph } from "./graph.ts";
import type { Hdf5Node } from "./hdf5/hdf5-file.ts";
import { expectArray, field, type Json, type JsonObject } from "./json.ts";
import { convertLayer, type LayerToConvert } from "./layers/convert-layer.ts";
import { inputDtype } from "./layers/dtype.ts";
import type { WeightSlot } from "./layers/rule.ts";
import type { LayerConfig, ModelConfig } from "./model-config.ts";
import { checkMasks } from "./masks.ts";
import type { SlotsOf, StoredWeights } from "./weights/stored-weights.ts";

/**
 * A model as `tf.loadLayersModel(tf.io.fromMemory(artifacts))` takes it: the part of TensorFlow.js's
 * `io.ModelArtifacts` that a Keras file fills.
 */
export interface KerasArtifacts {
  /** A functional model, those inside it taken apart. */
  readonly modelTopology: { readonly class_name: "Model"; readonly config: JsonObject };
  readonly weightSpecs: { readonly name: string; readonly shape: number[]; readonly dtype: "float32" }[];
  /** The weights one after the other, in the order of `weightSpecs`. */
  readonly weightData: ArrayBuffer;
  readonly format: "layers-model";
  /** The Keras that wrote the file, such as `keras 3.15.1`. */
  readonly generatedBy: string;
}

/** What artifacts are made from. */
export interface KerasContents {
  readonly model: ModelConfig;
  readonly kerasVersion: string;
  /** The size of the file in bytes. No more than this is taken for weights. */
  readonly sizeBytes: number;
  /** Finds the weights that layers have. */
  readonly findWeights: (slotsOf: SlotsOf) => StoredWeights;
}

/** Makes TensorFlow.js's artifacts of what a Keras file holds. */
export function toArtifacts({ model, kerasVersion, sizeBytes, findWeights }: KerasContents): KerasArtifacts {
  const kerasMajor = Number.parseInt(kerasVersion, 10);
  const graph = toGraph(model);
  checkMasks(graph);
  // Every layer of the file, those that are never called too: they keep their place among the weights.
  const slots = new Map<LayerConfig, readonly WeightSlot[]>();
  const slotsOf: SlotsOf = (layer) => {
    let own = slots.get(layer);
    if (own === undefined) {
      own = layer.className === "InputLayer" ? [] : convertLayer(describe(layer), { kerasMajor }).weights;
      slots.set(layer, own);
    }
    return own;
  };
  const stored = findWeights(slotsOf);
  const weights = new WeightCollector(sizeBytes);
  const numbers = numberCalls(graph);
  const toReference: ToReference = ({ call, tensor }) => [call.layer.name, numbers.get(call) ?? 0, tensor];
  const layers = graph.layers.map((layer): Json => {
    const { config } = layer;
    const shapes = weights.add(layer, slotsOf(config), stored.get(config) ?? []);
    const converted =
      config.className === "InputLayer"
        ? { className: "InputLayer", config: inputConfig(config) }
        : convertLayer(describe(config), { kerasMajor, shapes });
    return {
      class_name: converted.className,
      name: layer.name,
      config: { ...converted.config, name: layer.name },
      inbound_nodes: layer.calls
        .toSorted((one, other) => (numbers.get(one) ?? 0) - (numbers.get(other) ?? 0))
        .filter(({ inputs }) => inputs.length > 0)
        .map(({ inputs }) => inputs.map((input) => [...toReference(input), {}])),
    };
  });
  const named = nameOutputs(graph, model);
  return {
    modelTopology: {
      class_name: "Model",
      config: {
        name: graph.name,
        layers: [...layers, ...named.layers(toReference)],
        input_layers: graph.inputs.map(toReference),
        output_layers: named.outputs.map((output) =>
          typeof output === "string" ? [output, 0, 0] : toReference(output),
        ),
      },
    },
    weightSpecs: weights.specs,
    weightData: weights.join(),
    format: "layers-model",
    generatedBy: `keras ${kerasVersion}`,
  };
}

/** `[layer, call, tensor]`. */
type ToReference = (value: GraphValue) => readonly Json[];

function describe(layer: LayerConfig): LayerToConvert {
  return { ...layer, inputCount: layer.calls[0]?.length ?? 0 };
}

function inputConfig({ name, options }: LayerConfig): JsonObject {
  const shape = expectArray(
    field(options, "batch_shape") ?? field(options, "batch_input_shape"),
    `the shape of the input ${JSON.stringify(name)}`,
  );
  const sizes = shape.map((size) => {
    if (size === null || (Number.isSafeInteger(size) && Number(size) >= 0)) return size;
    throw new FormatProblem(`its input ${JSON.stringify(name)} has a damaged shape`);
  });
  for (const option of ["sparse", "ragged"]) {
    if (field(options, option) === true) {
      throw new FormatProblem(
        `its input ${JSON.stringify(name)} is ${option}, which TensorFlow.js cannot do`,
      );
    }
  }
  return { batch_input_shape: sizes, dtype: inputDtype(field(options, "dtype"), name), sparse: false };
}

/** Keras names an output after the model inside that gives it; here that is a layer which passes it on. */
function nameOutputs(
  graph: Graph,
  model: ModelConfig,
): {
  readonly outputs: readonly (GraphValue | string)[];
  readonly layers: (toReference: ToReference) => Json[];
} {
  const taken = new Set(graph.layers.map(({ name }) => name));
  const added: { readonly name: string; readonly value: GraphValue }[] = [];
  const outputs = graph.outputs.map((value, index) => {
    const reference = model.outputs[index];
    const config = model.layers.find(({ name }) => name === reference?.layer);
    if (config?.model === undefined || config.model.outputs.length !== 1 || taken.has(config.name))
      return value;
    if (!/^[A-Za-z0-9][\w.-]*$/.test(config.name) || config.name in {}) return value;
    taken.add(config.name);
    added.push({ name: config.name, value });
    return config.name;
  });
  const layers = (toReference: ToReference): Json[] =>
    added.map(({ name, value }) => ({
      class_name: "Activation",
      name,
      config: { name, activation: "linear" },
      inbound_nodes: [[[...toReference(value), {}]]],
    }));
  return { outputs, layers };
}

/** Gathers weights, checks their shapes, and puts them together. */
class WeightCollector {
  readonly specs: { name: string; shape: number[]; dtype: "float32" }[] = [];
  readonly #parts: Float32Array[] = [];
  #bytesLeft: number;

  constructor(sizeBytes: number) {
    this.#bytesLeft = sizeBytes;
  }

  /** Adds the weights of a layer. Gives their shapes by their names in the layer. */
  add(
    layer: GraphLayer,
    slots: readonly WeightSlot[],
    stored: readonly Hdf5Node[],
  ): ReadonlyMap<string, readonly number[]> {
    const shapes = new Map<string, readonly number[]>();
    slots.forEach((slot, index) => {
      const weight = stored[index]?.floats();
      const name = JSON.stringify(`${layer.config.name}/${slot.name}`);
      if (weight === undefined) throw new FormatProblem(`it has no weight ${name}`);
      const { shape, data, storedBytes } = weight;
      if (!fits(shape, slot.shape)) {
        const expected = (slot.shape ?? []).map((size) => size ?? "?").join(", ");
        throw new FormatProblem(
          `its weight ${name} has the shape [${shape.join(", ")}] instead of [${expected}]`,
        );
      }
      this.#bytesLeft -= storedBytes;
      if (this.#bytesLeft < 0)
        throw new FormatProblem("its layers share more weights than the file has room for");
      shapes.set(slot.name, shape);
      this.specs.push({ name: `${layer.name}/${slot.name}`, shape: [...shape], dtype: "float32" });
      this.#parts.push(data);
    });
    return shapes;
  }

  join(): ArrayBuffer {
    const joined = new Float32Array(this.#parts.reduce((total, part) => total + part.length, 0));
    let offset = 0;
    for (const part of this.#parts) {
      joined.set(part, offset);
      offset += part.length;
    }
    return joined.buffer;
  }
}

function fits(shape: readonly number[], pattern: WeightSlot["shape"]): boolean {
  if (pattern === undefined) return true;
  return (
    shape.length === pattern.length && pattern.every((size, axis) => size === null || size === shape[axis])
  );
}
