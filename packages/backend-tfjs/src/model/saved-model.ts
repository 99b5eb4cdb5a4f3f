import { type Artifact, type LoadOptions, ModelLoadError, UnsupportedError } from "@mlops/core";

import type { Engine } from "../engine/engine.ts";
import type { TfjsNode, TfjsTensor } from "../runtime.ts";
import type { LoadedModel } from "./loaded-model.ts";
import { readFile } from "./read-file.ts";
import { readSavedModelSignature, type SavedModelChoice } from "./saved-model-signature.ts";

/** Whether an artifact is a SavedModel, by the one name that its main file can have. */
export function isSavedModel({ location }: Artifact): boolean {
  return /(^|[/\\])saved_model\.pb$/.test(location);
}

/** A SavedModel whose main file has been read. */
export interface ReadSavedModel {
  load(engine: Engine): Promise<LoadedModel>;
}

/**
 * Reads what a SavedModel takes and gives. TensorFlow reads the files of its weights by itself,
 * from the disk; they are read here before it, so that an artifact which knows their hashes checks them.
 *
 * @throws ModelLoadError `MODEL_LOAD_FAILED` when it does not lie on the disk, or lacks the signature.
 */
export async function readSavedModel(
  artifact: Artifact,
  bytes: Uint8Array,
  choice: SavedModelChoice,
  options: LoadOptions,
): Promise<ReadSavedModel> {
  const { location } = artifact;
  const signature = readSavedModelSignature(bytes, choice, location);
  const folder = folderOf(location);
  await readFile(artifact.sibling("variables/variables.index"), options);
  return {
    async load(engine) {
      const { core, device } = engine;
      if (device !== "tensorflow") {
        throw new UnsupportedError({
          feature: `A SavedModel on ${device}`,
          remedy: 'Use the device "tensorflow", or convert it with tensorflowjs_converter.',
        });
      }
      // What has this engine is tfjs-node.
      const { node } = core as typeof core & TfjsNode;
      const model = await engine.runAsync(() =>
        node.loadSavedModel(folder, [...choice.tags], choice.signature),
      );
      return {
        signature,
        isAsync: false,
        execute(inputs, outputs): readonly TfjsTensor[] {
          const results = model.predict(inputs);
          return outputs.map((name) => results[name]!);
        },
        dispose: () => model.dispose(),
      };
    },
  };
}

function folderOf(location: string): string {
  const isUrl = /^[a-z][a-z0-9+.-]+:/i.test(location);
  if (isUrl && !location.startsWith("file:")) {
    throw new ModelLoadError({ location, problem: "TensorFlow reads a SavedModel from the disk alone" });
  }
  const path = isUrl ? decodeURIComponent(new URL(location).pathname) : location;
  return path.replace(/[^/\\]*$/, "").replace(/[/\\]$/, "") || ".";
}
