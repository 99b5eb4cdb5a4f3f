import { io } from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";

/** The two files of a TensorFlow.js layers model. */
export interface TfjsFiles {
  /** `model.json`: the topology, and which weights lie where in `weights.bin`. */
  readonly modelJson: string;
  /** `weights.bin`: the weights one after another, float32, little-endian. */
  readonly weights: Uint8Array;
}

/** The name that `model.json` has for the file of the weights beside it. */
export const weightsFile = "weights.bin";

/** The network in the format that `tf.loadLayersModel` reads. */
export async function toTfjs(model: LayersModel): Promise<TfjsFiles> {
  const artifacts = await captureArtifacts(model);
  const { modelTopology, format, weightSpecs, weightData } = artifacts;
  if (weightData === undefined) throw new Error("TensorFlow.js saved a model without weights.");
  const manifest = {
    format,
    generatedBy: artifacts.generatedBy,
    convertedBy: null,
    modelTopology,
    weightsManifest: [{ paths: [weightsFile], weights: weightSpecs }],
  };
  return {
    modelJson: `${JSON.stringify(manifest)}\n`,
    weights: new Uint8Array(io.CompositeArrayBuffer.join(weightData)),
  };
}

async function captureArtifacts(model: LayersModel): Promise<io.ModelArtifacts> {
  let captured: io.ModelArtifacts | undefined;
  await model.save(
    io.withSaveHandler((artifacts) => {
      captured = artifacts;
      return Promise.resolve({ modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) });
    }),
  );
  if (captured === undefined) throw new Error("TensorFlow.js saved no model.");
  return captured;
}
