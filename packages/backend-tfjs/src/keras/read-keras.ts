import { ModelLoadError } from "@mlops/core";

import { type KerasArtifacts, type KerasContents, toArtifacts } from "./artifacts.ts";
import { FormatProblem } from "./format-problem.ts";
import { type Hdf5Node, isHdf5, openHdf5 } from "./hdf5/hdf5-file.ts";
import { field, isObject, parseJson } from "./json.ts";
import { readModelConfig } from "./model-config.ts";
import { findCheckpointWeights } from "./weights/checkpoint-weights.ts";
import { findLegacyWeights } from "./weights/legacy-weights.ts";
import { isZip, unzip } from "./zip.ts";

/** How a Keras file is read. */
export interface ReadKerasOptions {
  /** Where the file is from, for errors. Default `the Keras file`, or the Keras that wrote it. */
  readonly location?: string | undefined;
}

/** Whether bytes begin as a Keras file does, that is as an HDF5 file or a zip archive. */
export function isKeras(bytes: Uint8Array): boolean {
  return isHdf5(bytes) || isZip(bytes);
}

/**
 * Reads a whole model from a Keras file: `.keras`, by Keras 3 or by Keras 2.12 and later, or
 * `.h5`, by any of them. Needs no Python, no conversion and no TensorFlow.js, in Node and in
 * browsers.
 *
 * Code in the file is never run: a model with a `Lambda` layer or a class of its own is refused.
 * A damaged or hostile file gives an error in bounded time, and takes no more memory than some
 * twenty times its own size and 64 MB.
 *
 * @param bytes - The whole file. The artifacts do not refer to it.
 * @throws ModelLoadError `MODEL_LOAD_FAILED` when the file is damaged, or no Keras model.
 * @throws UnsupportedError `UNSUPPORTED` when TensorFlow.js lacks a layer or an option of the
 *   model, or computes it otherwise than Keras. The error names it, and the layers that there are.
 * @see https://keras.io/api/models/model_saving_apis/
 *
 * @example
 * ```ts
 * const artifacts = readKeras(await readFile("model.keras"));
 * const model = await createLayersModel(tf, artifacts);
 * ```
 */
export function readKeras(
  bytes: Uint8Array,
  { location = "the Keras file" }: ReadKerasOptions = {},
): KerasArtifacts {
  try {
    return toArtifacts(isZip(bytes) ? openArchive(bytes) : openLegacy(bytes));
  } catch (error) {
    if (error instanceof FormatProblem) throw new ModelLoadError({ location, problem: error.message });
    throw error;
  }
}

/** A `.h5` file: the configuration is an attribute of the root, in JSON. */
function openLegacy(bytes: Uint8Array): KerasContents {
  if (!isHdf5(bytes)) throw new FormatProblem("it is no Keras file: it is neither HDF5 nor a zip archive");
  const file = openHdf5(bytes);
  const [config] = file.texts("model_config") ?? [];
  if (config === undefined) {
    throw new FormatProblem("it holds no model, but weights alone: save the whole model with model.save()");
  }
  // Keras before 2.0 wrote no version.
  const kerasVersion = versionIn(file) ?? "2.0.0";
  const model = readModelConfig(parseJson(config, "model_config"), Number.parseInt(kerasVersion, 10));
  return {
    model,
    kerasVersion,
    sizeBytes: bytes.byteLength,
    findWeights: (slotsOf) => findLegacyWeights(file, model, slotsOf),
  };
}

function versionIn(file: Hdf5Node): string | undefined {
  return (file.texts("keras_version") ?? file.find("model_weights")?.texts("keras_version"))?.[0];
}

/** The most bytes of the parts in JSON. That of a large model has some hundred kilobytes. */
const mostJsonBytes = 64 * 1024 * 1024;

/** The most times its size that an archive's weights may unpack to. Keras does not pack them at all. */
const mostWeightTimes = 20;

/** A `.keras` file: a zip archive of the configuration and of a checkpoint in HDF5. */
function openArchive(bytes: Uint8Array): KerasContents {
  const entries = unzip(bytes, {
    mostBytes: {
      "config.json": mostJsonBytes,
      "metadata.json": mostJsonBytes,
      "model.weights.h5": mostWeightTimes * bytes.byteLength,
    },
  });
  const entry = (name: string): Uint8Array => {
    const content = entries.get(name);
    if (content === undefined) throw new FormatProblem(`it has no ${name}`);
    return content;
  };
  const text = (name: string): string => new TextDecoder().decode(entry(name));
  const metadata = parseJson(text("metadata.json"), "metadata.json");
  const version = isObject(metadata) ? field(metadata, "keras_version") : undefined;
  if (typeof version !== "string") throw new FormatProblem("its metadata.json does not say keras_version");
  const model = readModelConfig(parseJson(text("config.json"), "config.json"), Number.parseInt(version, 10));
  const weights = entry("model.weights.h5");
  const file = openHdf5(weights);
  return {
    model,
    kerasVersion: version,
    sizeBytes: weights.byteLength,
    findWeights: (slotsOf) => findCheckpointWeights(file, model, slotsOf),
  };
}
