import { type Artifact, type LoadOptions, type ReadOptions } from "@mlops/core";

import type { TfjsConfig } from "../config.ts";
import type { Engine } from "../engine/engine.ts";
import type { TfjsPackages } from "../load-package.ts";
import type { TfjsConverter, TfjsLayers, TfjsModelArtifacts } from "../runtime.ts";
import { checkLayers } from "./check-layers.ts";
import { loadGraphModel } from "./graph-model.ts";
import { loadLayersModel } from "./layers-model.ts";
import type { LoadedModel } from "./loaded-model.ts";
import { parseModelJson } from "./model-json.ts";
import { memoryOf, readWeights } from "./weights.ts";

/** What reading a model takes, besides its artifact. */
export interface ReadModelContext {
  readonly engine: Engine;
  readonly packages: TfjsPackages;
  readonly settings: Pick<TfjsConfig, "signature" | "tags">;
  readonly options: LoadOptions;
}

/** A model that is ready to run. */
export interface ReadModel {
  readonly model: LoadedModel;
  /** Bytes of its weights in the engine's memory, where they are known. */
  readonly memoryBytes: number | undefined;
}

/** Reads a model of whichever format, told by its first bytes, and loads it into the engine. */
export async function readModel(artifact: Artifact, context: ReadModelContext): Promise<ReadModel> {
  const { engine, packages, options } = context;
  const { location } = artifact;
  const bytes = await artifact.read(readOptions(location, options));
  const json = parseModelJson(bytes, location);
  const { weightsManifest, kind, ...topology } = json;
  const weights = await readWeights(weightsManifest, artifact, readOptions(location, options));
  const artifacts: TfjsModelArtifacts = { ...topology, ...weights };
  options.onProgress?.({ phase: "preparing", location });
  const memoryBytes = memoryOf(weights.weightSpecs);
  if (kind === "graph") {
    const converter = await loadPart<TfjsConverter>(engine, packages, "@tensorflow/tfjs-converter");
    return { model: await loadGraphModel(engine, converter, json, artifacts, location), memoryBytes };
  }
  checkLayers(json.modelTopology, location);
  const layers = await loadPart<TfjsLayers>(engine, packages, "@tensorflow/tfjs-layers");
  return { model: await loadLayersModel(engine, layers, artifacts, location), memoryBytes };
}

/** A part of TensorFlow.js: the engine's own copy where that is a whole one, else its package. */
async function loadPart<Part extends object>(
  { core }: Engine,
  packages: TfjsPackages,
  name: "@tensorflow/tfjs-converter" | "@tensorflow/tfjs-layers",
): Promise<Part> {
  const member = name === "@tensorflow/tfjs-converter" ? "loadGraphModelSync" : "loadLayersModel";
  if (!packages.has(name) && member in core) return core as Part;
  return packages.load<Part>(name);
}

function readOptions(location: string, { signal, onProgress }: LoadOptions): ReadOptions {
  return {
    signal,
    onProgress: onProgress && ((progress) => onProgress({ phase: "reading", location, ...progress })),
  };
}
