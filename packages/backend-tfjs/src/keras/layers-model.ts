import { ModelLoadError } from "@mlops/core";

import type { KerasArtifacts } from "./artifacts.ts";
import { isArray, isObject, type Json } from "./json.ts";
import { resetAfterCellName } from "./layers/convert-layer.ts";
import { resetAfterGruCell } from "./reset-after-gru-cell.ts";
import type { KerasLayersModel, KerasRuntime, Tfjs } from "./runtime.ts";
import { storedWeightInitializer, storedWeightName } from "./stored-weight-initializer.ts";

/**
 * Makes a layers model of TensorFlow.js from the artifacts of a Keras file, on the backend that is
 * chosen there.
 *
 * It is `tf.loadLayersModel(tf.io.fromMemory(artifacts))`, with two differences: a `GRU` with
 * `reset_after`, Keras's default, works; and the shape of each weight is checked before memory is
 * taken for it. Two classes are registered with this copy of TensorFlow.js for it, under names that
 * begin with `Mlops`.
 *
 * @param tf - `@tensorflow/tfjs`, or the members of `@tensorflow/tfjs-core` and `@tensorflow/tfjs-layers` in one object.
 * @typeParam Model - TensorFlow.js's own type of a layers model.
 * @throws ModelLoadError `MODEL_LOAD_FAILED` when layers do not fit each other, or weights do not fit layers.
 */
export async function createLayersModel<Model extends KerasLayersModel>(
  tf: KerasRuntime<Model>,
  { modelTopology, weightSpecs, weightData, generatedBy }: KerasArtifacts,
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
    return model;
  } catch (cause) {
    model?.dispose();
    const problem = cause instanceof Error ? cause.message.replace(/\.\s*$/, "") : String(cause);
    throw new ModelLoadError({ location: `the file by ${generatedBy}`, problem, cause });
  }
}

function register(runtime: object): void {
  // It is a whole TensorFlow.js; the public type says the part that every copy has in common.
  const tf = runtime as Tfjs;
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  if (!(resetAfterCellName in classNameMap)) tf.serialization.registerClass(resetAfterGruCell(tf));
  if (!(storedWeightName in classNameMap)) tf.serialization.registerClass(storedWeightInitializer(tf));
}

/** Every weight starts as zeros of the shape that the file has: the initializer that says so, checks it. */
function withCheckedWeights(json: Json): Json {
  if (isArray(json)) return json.map(withCheckedWeights);
  if (!isObject(json)) return json;
  const copy = Object.entries(json).map(([key, value]): readonly [string, Json] => [key, withCheckedWeights(value)]);
  const object = Object.fromEntries(copy);
  return object["class_name"] === "Zeros" ? { ...object, class_name: storedWeightName } : object;
}
