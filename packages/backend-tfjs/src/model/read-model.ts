import type { Artifact, LoadOptions } from "@mlops/core";

import type { TfjsConfig } from "../config.ts";
import type { Engine } from "../engine/engine.ts";
import type { TfjsPackages } from "../load-package.ts";
import type { TfjsConverter, TfjsLayers, TfjsModelArtifacts } from "../runtime.ts";
import { checkLayers } from "./check-layers.ts";
import { loadGraphModel } from "./graph-model.ts";
import { loadLayersModel } from "./layers-model.ts";
import { loadPart } from "./load-part.ts";
import type { LoadedModel } from "./loaded-model.ts";
import { isKeras } from "../keras/read-keras.ts";
import { readKerasModel } from "./keras-model.ts";
import { parseModelJson } from "./model-json.ts";
import { readFile } from "./read-file.ts";
import { isSavedModel, readSavedModel } from "./saved-model.ts";
import { checkTextOperations } from "./text-operations.ts";
import { tryModel } from "./try-model.ts";
import { elementCountOf, memoryOf, readWeights } from "./weights.ts";

/** What reading a model takes, besides its artifact. */
export interface ReadModelContext {
  readonly packages: TfjsPackages;
  readonly settings: Pick<TfjsConfig, "signature" | "tags">;
  readonly options: LoadOptions;
}

/** A model whose files have been read. */
export interface ReadModel {
  /** Bytes of its weights in an engine's memory, where they are known. */
  readonly memoryBytes: number | undefined;
  /**
   * Loads it into an engine. It may be called again, for another one.
   *
   * @throws UnsupportedError `UNSUPPORTED` when this engine cannot run it, and another may.
   */
  load(engine: Engine): Promise<LoadedModel>;
}

/** Reads a model of whichever format, told by its name or its first bytes. */
export async function readModel(artifact: Artifact, context: ReadModelContext): Promise<ReadModel> {
  const { packages, options } = context;
  const { location } = artifact;
  const bytes = await readFile(artifact, options);
  if (isSavedModel(artifact)) {
    const { tags = ["serve"], signature = "serving_default" } = context.settings;
    const saved = await readSavedModel(artifact, bytes, { tags, signature }, options);
    return { ...saved, memoryBytes: undefined };
  }
  if (isKeras(bytes)) return readKerasModel(bytes, location, context);
  const json = parseModelJson(bytes, location);
  const { weightsManifest, kind, ...topology } = json;
  const weights = await readWeights(weightsManifest, artifact, options);
  if (kind === "layers") checkLayers(json.modelTopology, elementCountOf(weights.weightSpecs), location);
  const artifacts: TfjsModelArtifacts = { ...topology, ...weights };
  options.onProgress?.({ phase: "preparing", location });
  return {
    memoryBytes: memoryOf(weights.weightSpecs),
    async load(engine) {
      if (kind === "layers") {
        const layers = await loadPart<TfjsLayers>(engine, packages, "@tensorflow/tfjs-layers");
        return loadLayersModel(engine, layers, artifacts, location);
      }
      checkTextOperations(json.modelTopology, engine.device);
      const converter = await loadPart<TfjsConverter>(engine, packages, "@tensorflow/tfjs-converter");
      const model = await loadGraphModel(engine, converter, json, artifacts, location);
      try {
        return await tryModel(engine, model);
      } catch (error) {
        model.dispose();
        throw error;
      }
    },
  };
}
