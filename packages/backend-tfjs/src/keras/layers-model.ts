import { ModelLoadError, UnsupportedError } from "@mlops/core";

import type { KerasArtifacts } from "./artifacts.ts";
import { isArray, isObject, type Json } from "./json.ts";
import { resetAfterNames } from "./layers/convert-layer.ts";
import { resetAfterGru } from "./reset-after-gru.ts";
import type { ReadKerasOptions } from "./read-keras.ts";
import type { KerasLayersModel, KerasRuntime, Tfjs } from "./runtime.ts";
import { storedWeightInitializer, storedWeightName } from "./stored-weight-initializer.ts";

/**
 * Makes a layers model of TensorFlow.js from the artifacts of a Keras file, on the backend that is
 * chosen there.
 *
 * It is `tf.loadLayersModel(tf.io.fromMemory(artifacts))`, with two differences: a `GRU` with
 * `reset_after`, Keras's default, works; and the shape of each weight is checked before memory is
 * taken for it. Three classes are registered with this copy of TensorFlow.js for it, under names that
 * begin with `Mlops`.
 *
 * @param tf - `@tensorflow/tfjs`, or the members of `@tensorflow/tfjs-core` and `@tensorflow/tfjs-layers` in one object.
 * @typeParam Model - TensorFlow.js's own type of a layers model.
 * @throws ModelLoadError `MODEL_LOAD_FAILED` when layers do not fit each other, or weights do not fit layers.
 * @throws UnsupportedError `UNSUPPORTED` for a batch normalization along another axis than the last.
 */
export async function createLayersModel<Model extends KerasLayersModel>(
  tf: KerasRuntime<Model>,
  { modelTopology, weightSpecs, weightData, generatedBy }: KerasArtifacts,
  { location = `the file by ${generatedBy}` }: ReadKerasOptions = {},
): Promise<Model> {
  register(tf);
  let model: Model | undefined;
  try {
    model = await tf.models.modelFromJSON({ modelTopology: withCheckedWeights(modelTopology) });
    const weights = tf.io.decodeWeights(weightData, weightSpecs);
    try {
      model.loadWeights(weights);
    } finally {
      for (const tensor of Object.values(weights)) tensor.dispose();
    }
    checkNormalization(model);
    return model;
  } catch (cause) {
    model?.dispose();
    if (UnsupportedError.isInstance(cause)) throw cause;
    const problem = cause instanceof Error ? cause.message.replace(/\.\s*$/, "") : String(cause);
    throw new ModelLoadError({ location, problem, cause });
  }
}

function register(runtime: object): void {
  // It is a whole TensorFlow.js; the public type says the part that every copy has in common.
  const tf = runtime as Tfjs;
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  if (resetAfterNames.GRU in classNameMap) return;
  for (const ours of [...resetAfterGru(tf), storedWeightInitializer(tf)])
    tf.serialization.registerClass(ours);
}

/**
 * TensorFlow.js normalizes along the last axis whatever the axis is. Keras 2 writes the axis as a
 * number from the front, so that the rank tells, which is known by now.
 */
function checkNormalization({ layers }: KerasLayersModel): void {
  for (const layer of layers) {
    if (layer.getClassName() !== "BatchNormalization") continue;
    const axis = Number(layer.getConfig()["axis"]);
    const shape = layer.inboundNodes[0]?.inputShapes[0];
    const rank = Array.isArray(shape) ? shape.length : 0;
    if (axis === -1 || axis === rank - 1) continue;
    throw new UnsupportedError({
      feature: `The option axis=${axis} of the Keras layer ${JSON.stringify(layer.name)} (BatchNormalization)`,
      remedy: "TensorFlow.js normalizes along the last axis: permute the axes before and after.",
    });
  }
}

/** Every weight starts as zeros of the shape that the file has: the initializer that says so, checks it. */
function withCheckedWeights(json: Json): Json {
  if (isArray(json)) return json.map(withCheckedWeights);
  if (!isObject(json)) return json;
  const copy = Object.entries(json).map(([key, value]): readonly [string, Json] => [
    key,
    withCheckedWeights(value),
  ]);
  const object = Object.fromEntries(copy);
  return object["class_name"] === "Zeros" ? { ...object, class_name: storedWeightName } : object;
}
