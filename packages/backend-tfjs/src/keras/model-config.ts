import { UnsupportedError } from "@mlops/core";

import { FormatProblem } from "./format-problem.ts";
import { readCalls, type TensorReference } from "./calls.ts";
import { findMasks, isOperation } from "./mask-operations.ts";
import {
  expectArray,
  expectObject,
  expectString,
  field,
  isArray,
  isObject,
  type Json,
  type JsonObject,
} from "./json.ts";

/** A model as its configuration tells it: layers, and what each of them is called with. */
export interface ModelConfig {
  readonly name: string;
  readonly layers: readonly LayerConfig[];
  readonly inputs: readonly TensorReference[];
  readonly outputs: readonly TensorReference[];
}

/** A layer of a {@link ModelConfig}. */
export interface LayerConfig {
  /** Its name, unique in its model only. */
  readonly name: string;
  readonly className: string;
  readonly options: JsonObject;
  /** Its layers, when it is a model itself. */
  readonly model: ModelConfig | undefined;
  /** What each of its calls takes, in the order of the calls. */
  readonly calls: readonly (readonly TensorReference[])[];
  /** Whether it is an operation such as `x + y`, which keeps no weights and is not counted as a layer. */
  readonly isOperation: boolean;
}

/** How deep models may hold models. */
const deepestNesting = 16;

const modelClasses: ReadonlySet<string> = new Set(["Functional", "Model", "Sequential"]);

/**
 * Reads the configuration of a functional or sequential model, as Keras 2, tf_keras and Keras 3
 * write it.
 *
 * @param kerasMajor - The major version of the Keras that wrote it, 2 or 3.
 * @throws FormatProblem when it is not as Keras writes it.
 * @throws UnsupportedError `UNSUPPORTED` when it is a class of its own, or holds code.
 */
export function readModelConfig(json: Json, kerasMajor: number, depth = 0): ModelConfig {
  if (depth > deepestNesting) throw new FormatProblem(`its models are nested deeper than ${deepestNesting}`);
  const model = expectObject(json, "the model");
  const className = readClassName(model);
  if (!modelClasses.has(className)) {
    throw new UnsupportedError({
      feature: `The Keras model class ${JSON.stringify(className)}`,
      remedy: "Only functional and sequential models say in their file what they compute.",
    });
  }
  const config = field(model, "config");
  // Keras before 2.2.3 wrote a sequential model's configuration as the list of its layers.
  const options = isArray(config) ? { layers: config } : expectObject(config, "the model's config");
  const layers = expectArray(field(options, "layers"), "the model's layers");
  const given = field(options, "name");
  const name = typeof given === "string" ? given : "model";
  const masks = findMasks(layers);
  const read = layers
    .filter((layer) => !masks.has(nameOf(expectObject(layer, "a layer"))))
    .map((layer) => readLayer(layer, { kerasMajor, depth, masks }));
  if (className === "Sequential") return readSequential(name, read, options);
  const models = new Map(
    read.flatMap((layer) => (layer.model === undefined ? [] : [[layer.name, layer.className]])),
  );
  // A model has a call of its own, its making, before those of others. Keras 2 counts it always, Keras 3
  // among the ends of a model alone, and of functional models alone.
  const inCalls = (reference: TensorReference): TensorReference =>
    kerasMajor < 3 && models.has(reference.layer) ? { ...reference, node: reference.node - 1 } : reference;
  const atEnds = (reference: TensorReference): TensorReference =>
    kerasMajor >= 3 && models.has(reference.layer) && models.get(reference.layer) !== "Sequential"
      ? { ...reference, node: reference.node - 1 }
      : inCalls(reference);
  return {
    name,
    layers: read.map((layer) => ({ ...layer, calls: layer.calls.map((call) => call.map(inCalls)) })),
    inputs: readEnds(field(options, "input_layers"), "the model's input_layers").map(atEnds),
    outputs: readEnds(field(options, "output_layers"), "the model's output_layers").map(atEnds),
  };
}

interface ReadingContext {
  readonly kerasMajor: number;
  readonly depth: number;
  readonly masks: ReadonlySet<string>;
}

function readLayer(json: Json, { kerasMajor, depth, masks }: ReadingContext): LayerConfig {
  const layer = expectObject(json, "a layer");
  const className = readClassName(layer);
  const options = expectObject(field(layer, "config"), `the config of a ${className} layer`);
  const name = expectString(
    field(layer, "name") ?? field(options, "name"),
    `the name of a ${className} layer`,
  );
  return {
    name,
    className,
    options,
    model: modelClasses.has(className) ? readModelConfig(layer, kerasMajor, depth + 1) : undefined,
    calls: readCalls(field(layer, "inbound_nodes") ?? [], { layer: name, className, masks }),
    isOperation: isOperation(layer),
  };
}

/**
 * The class of a serialized object.
 *
 * @throws UnsupportedError `UNSUPPORTED` when it is not a class of Keras itself.
 */
export function readClassName(object: JsonObject): string {
  const className = expectString(field(object, "class_name"), "a class_name");
  const module = field(object, "module");
  const registered = field(object, "registered_name");
  const isForeign = typeof module === "string" && !/^(keras|tf_keras|tensorflow|builtins)\b/.test(module);
  if (className === "Lambda" || className === "__lambda__" || className === "TFOpLambda") {
    throw new UnsupportedError({
      feature: `The Keras ${className} ${JSON.stringify(nameOf(object))}`,
      remedy:
        "It holds code, and code from a model file is never run. Write what it computes with Keras's own layers.",
    });
  }
  if (
    isForeign ||
    (typeof registered === "string" && registered.includes(">") && !registered.startsWith("keras>"))
  ) {
    throw new UnsupportedError({
      feature: `The class ${JSON.stringify(typeof registered === "string" ? registered : `${typeof module === "string" ? module : ""}.${className}`)}`,
      remedy: "Its code is not in the file. Write what it computes with Keras's own layers.",
    });
  }
  return className;
}

function nameOf(object: JsonObject): string {
  const config = field(object, "config");
  const name = field(object, "name") ?? (isObject(config) ? field(config, "name") : undefined);
  return typeof name === "string" ? name : "";
}

/** `[name, node, tensor]`, a list of such, or an object of such by name. */
function readEnds(json: Json | undefined, part: string): readonly TensorReference[] {
  if (isObject(json))
    return Object.keys(json)
      .sort()
      .flatMap((key) => readEnds(field(json, key), part));
  const ends = expectArray(json, part);
  if (typeof ends[0] !== "string") return ends.flatMap((end) => readEnds(end, part));
  const [, node, tensor] = ends;
  if (!Number.isSafeInteger(node) || !Number.isSafeInteger(tensor)) {
    throw new FormatProblem(`its configuration has a damaged reference in ${part}`);
  }
  return [{ layer: ends[0], node: Number(node), tensor: Number(tensor) }];
}

/** A sequential model as the functional one that it is: each layer is called once, with the one before it. */
function readSequential(name: string, read: readonly LayerConfig[], options: JsonObject): ModelConfig {
  const [first] = read;
  if (first === undefined) throw new FormatProblem("its sequential model has no layers");
  const chain = first.className === "InputLayer" ? read : [inputOf(first, options), ...read];
  const calls = chain.map((layer, index): LayerConfig => {
    const before = chain[index - 1];
    return { ...layer, calls: before === undefined ? [[]] : [[{ layer: before.name, node: 0, tensor: 0 }]] };
  });
  const end = (layer: LayerConfig | undefined): TensorReference => ({
    layer: layer?.name ?? "",
    node: 0,
    tensor: 0,
  });
  return { name, layers: calls, inputs: [end(calls[0])], outputs: [end(calls.at(-1))] };
}

/** The input that a sequential model without an input layer has: that of its first layer. */
function inputOf(first: LayerConfig, options: JsonObject): LayerConfig {
  const inner = first.model?.layers.find(({ name }) => name === first.model?.inputs[0]?.layer);
  const shape = field(first.options, "batch_input_shape") ?? field(options, "build_input_shape");
  if (inner === undefined && !isArray(shape)) {
    throw new FormatProblem(
      `its sequential model ${JSON.stringify(field(options, "name") ?? "")} does not say the shape of its input: build it before you save it`,
    );
  }
  const dtype = field(first.options, "dtype");
  return {
    name: `${first.name}_input`,
    className: "InputLayer",
    options: inner?.options ?? {
      batch_shape: shape ?? null,
      dtype: first.className === "Embedding" || dtype === undefined ? "float32" : dtype,
    },
    model: undefined,
    calls: [],
    isOperation: false,
  };
}
