import type { ModelPackage } from "@mlops/core";
import { io } from "@tensorflow/tfjs-core";
import { type LayersModel, loadLayersModel } from "@tensorflow/tfjs-layers";

/** Loads the TensorFlow.js format of a model package; both of its files are checked on the way. */
export async function loadTfjs(modelPackage: ModelPackage): Promise<LayersModel> {
  const { artifact } = modelPackage.model("tfjs-layers");
  return loadLayersModel({
    async load(): Promise<io.ModelArtifacts> {
      const modelJson: io.ModelJSON = JSON.parse(new TextDecoder().decode(await artifact.read()));
      return io.getModelArtifactsForJSON(modelJson, async (manifest) => {
        const files = await Promise.all(
          manifest.flatMap((group) => group.paths).map((path) => artifact.sibling(path).read()),
        );
        return [
          io.getWeightSpecs(manifest),
          io.CompositeArrayBuffer.join(files.map((file) => file.slice().buffer)),
        ];
      });
    },
  });
}
