import type { LoadOptions } from "@mlops/core";

import { createLayersModel } from "../keras/layers-model.ts";
import { readKeras } from "../keras/read-keras.ts";
import type { KerasLayersModel, KerasRuntime } from "../keras/runtime.ts";
import type { TfjsLayersModel } from "../runtime.ts";
import { ownLayersModel } from "./layers-model.ts";
import { loadPart } from "./load-part.ts";
import type { ReadModel, ReadModelContext } from "./read-model.ts";
import { memoryOf } from "./weights.ts";

/** What a Keras file's model is made into. */
type LayersModel = TfjsLayersModel & KerasLayersModel;

/** Reads a Keras file, `.keras` or `.h5`. */
export function readKerasModel(
  bytes: Uint8Array,
  location: string,
  {
    packages,
    options,
  }: Pick<ReadModelContext, "packages"> & { readonly options: Pick<LoadOptions, "onProgress"> },
): ReadModel {
  const artifacts = readKeras(bytes, { location });
  options.onProgress?.({ phase: "preparing", location });
  return {
    memoryBytes: memoryOf(artifacts.weightSpecs),
    async load(engine) {
      const layers = await loadPart<object>(engine, packages, "@tensorflow/tfjs-layers");
      // Both packages together are what `@tensorflow/tfjs` is.
      const tf = { ...engine.core, ...layers } as object as KerasRuntime<LayersModel>;
      const model = await engine.runAsync(() =>
        engine.withOwnVariables(() => createLayersModel(tf, artifacts, { location })),
      );
      return ownLayersModel(engine, model, location);
    },
  };
}
