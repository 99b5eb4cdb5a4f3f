import { UnsupportedError } from "@mlops/core";

import { FormatProblem } from "../format-problem.ts";
import { field, type Json, type JsonObject } from "../json.ts";
import { convolutionLayers } from "./convolution-layers.ts";
import { checkDtype } from "./dtype.ts";
import { plainLayers } from "./plain-layers.ts";
import { recurrentCells, recurrentLayers } from "./recurrent-layers.ts";
import type { ConvertedLayer, LayerRule, OptionPlace, WeightSlot } from "./rule.ts";
import { type Convert, wrapperLayers } from "./wrapper-layers.ts";

const rules: Readonly<Record<string, LayerRule>> = {
  ...plainLayers,
  ...convolutionLayers,
  ...recurrentCells,
  ...recurrentLayers,
};

/** Every layer that can be read, by its name in Keras. Models inside models come on top. */
export const supportedLayers: readonly string[] = [
  "InputLayer",
  ...Object.keys(rules),
  ...Object.keys(wrapperLayers),
].sort();

/** Operations of Keras 3 that are the same as a layer for two tensors. */
const operations: ReadonlySet<string> = new Set(["Add", "Maximum", "Minimum", "Multiply"]);

/** What a layer is converted by, beside its configuration. */
export interface ConversionContext {
  /** The major version of the Keras that wrote the file. */
  readonly kerasMajor: number;
  /** The shapes that the file has for the layer's weights, by {@link WeightSlot.name}, once they are known. */
  readonly shapes?: ReadonlyMap<string, readonly number[]>;
}

/** A layer to convert. */
export interface LayerToConvert {
  readonly className: string;
  readonly name: string;
  readonly options: JsonObject;
  readonly isOperation: boolean;
  /** How many tensors its calls take. */
  readonly inputCount: number;
}

/**
 * Takes a layer of Keras over to TensorFlow.js.
 *
 * @throws UnsupportedError `UNSUPPORTED` that names the layer or the option that TensorFlow.js
 *   lacks, or computes otherwise than Keras.
 * @throws FormatProblem when an option is not as Keras writes it.
 */
export function convertLayer(
  layer: LayerToConvert,
  { kerasMajor, shapes }: ConversionContext,
): ConvertedLayer {
  const { className, name, options, isOperation, inputCount } = layer;
  if (isOperation && !(operations.has(className) && inputCount === 2)) {
    throw new UnsupportedError({
      feature: `The Keras operation ${className} ${JSON.stringify(name)} on ${inputCount} tensors`,
      remedy: `Use a layer: ${supportedLayers.join(", ")}.`,
    });
  }
  const convert: Convert = (innerClass, inner, path) => {
    const place = { layer: name, className: innerClass, kerasMajor };
    const wrapper = Object.hasOwn(wrapperLayers, innerClass) ? wrapperLayers[innerClass] : undefined;
    if (path.length > 8 * deepestWrapping)
      throw new FormatProblem(`its layer ${JSON.stringify(name)} is nested too deep`);
    if (wrapper !== undefined)
      return wrapper({
        options: inner,
        place,
        path,
        convert,
        rest: (names) => readRest(inner, names, place),
      });
    const rule = Object.hasOwn(rules, innerClass) ? rules[innerClass] : undefined;
    if (rule === undefined) {
      throw new UnsupportedError({
        feature: `The Keras layer ${innerClass} ${JSON.stringify(name)}`,
        remedy: `The layers that can be read are ${supportedLayers.join(", ")}.`,
      });
    }
    return applyRule(rule, inner, place, (slot) => shapes?.get(path + slot.name) ?? []);
  };
  return convert(className, options, "");
}

/** How deep wrappers may hold wrappers. */
const deepestWrapping = 16;

type Place = Omit<OptionPlace, "option">;

function applyRule(
  rule: LayerRule,
  options: JsonObject,
  place: Place,
  shapeOf: (slot: WeightSlot) => readonly number[],
): ConvertedLayer {
  const read = readOptions(rule.options, options, place);
  const config = Object.fromEntries(
    Object.entries(read).map(([key, value]) => [rule.renamed?.[key] ?? key, value]),
  );
  const slots = rule.weights?.(config) ?? [];
  // TensorFlow.js starts the pointwise kernel by the initializer of the depthwise one.
  const sharing = ({ name }: WeightSlot): readonly WeightSlot[] =>
    slots.filter(
      (slot) => slot.name === name || (name === "depthwise_kernel" && slot.name === "pointwise_kernel"),
    );
  const starts = slots.map(
    (slot) => [initializerOf(slot), initializerFor(sharing(slot).map(shapeOf))] as const,
  );
  const common = { ...config, ...rule.fixed, ...Object.fromEntries(starts) };
  // TensorFlow.js's own GRU cannot reset after the product, as Keras does unless told otherwise.
  const ours =
    config["reset_after"] === true
      ? resetAfterNames[place.className === "GRU" ? "GRU" : "GRUCell"]
      : undefined;
  return { className: ours ?? rule.className ?? place.className, config: common, weights: slots };
}

/** TensorFlow.js calls a weight's initializer by the weight, but for the word kernel. */
function initializerOf({ name }: WeightSlot): string {
  return `${name === "kernel" ? name : name.replace(/_kernel$/, "")}_initializer`;
}

/**
 * Zeros, because what a weight starts from is replaced. The shapes that the file has are for
 * `createLayersModel`, which checks them before it takes memory for the weight.
 */
function initializerFor(shapes: readonly (readonly number[])[]): Json {
  return { class_name: "Zeros", config: { shapes } };
}

/** The names under which the parts of `reset-after-gru.ts` are registered with TensorFlow.js. */
export const resetAfterNames: Readonly<Record<"GRU" | "GRUCell", string>> = {
  GRU: "MlopsResetAfterGRU",
  GRUCell: "MlopsResetAfterGRUCell",
};

/** Reads the options that a rule names; what it does not name has to be off. */
function readOptions(known: LayerRule["options"], options: JsonObject, place: Place): JsonObject {
  const read: [string, Json][] = [];
  for (const option of Object.keys(options)) {
    const value = field(options, option) ?? null;
    const at = { ...place, option };
    if (option === "dtype") checkDtype(value, at);
    const reader = Object.hasOwn(known, option) ? known[option] : undefined;
    const result = reader === undefined ? expectOff(value, at) : reader(value, at);
    if (result !== undefined) read.push([option, result]);
  }
  return Object.fromEntries(read);
}

function readRest(options: JsonObject, names: LayerRule["options"], place: Place): JsonObject {
  return readOptions(names, options, place);
}

/** Options of every layer that do not change a prediction. */
const irrelevant =
  /^(name|trainable|dtype|batch_input_shape|batch_shape|autocast|activity_regularizer|renorm_clipping|lora_alpha|.*_(initializer|regularizer|constraint))$/;

function expectOff(value: Json, { option, className, layer }: OptionPlace): undefined {
  if (value === null || value === false || irrelevant.test(option)) return undefined;
  throw new UnsupportedError({
    feature: `The option ${JSON.stringify(option)} of the Keras layer ${JSON.stringify(layer)} (${className})`,
    remedy: "Leave it off.",
  });
}
