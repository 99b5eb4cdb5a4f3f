import type * as Core from "@tensorflow/tfjs-core";
import type * as Layers from "@tensorflow/tfjs-layers";

/** Numbers of a request. */
export const inputSize = 256;
const hiddenSizes = [512, 512, 512];
const outputSize = 10;

/** Three dense layers of 512 with ReLU and one of 10, of 0.66 million weights, as one `model.json`. */
export async function createDenseModel(tf: typeof Core, layers: typeof Layers): Promise<Uint8Array> {
  const model = layers.sequential();
  for (const [index, units] of [...hiddenSizes, outputSize].entries()) {
    const isLast = index === hiddenSizes.length;
    model.add(
      layers.layers.dense({
        units,
        name: isLast ? "y" : `hidden_${index}`,
        ...(isLast ? {} : { activation: "relu" as const }),
        ...(index === 0 ? { inputShape: [inputSize] } : {}),
        kernelInitializer: layers.initializers.glorotNormal({ seed: index + 1 }),
      }),
    );
  }
  let json: unknown;
  await model.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      const bytes = Buffer.from(tf.io.CompositeArrayBuffer.join(weightData));
      const paths = [`data:application/octet-stream;base64,${bytes.toString("base64")}`];
      json = { format: "layers-model", modelTopology, weightsManifest: [{ paths, weights: weightSpecs }] };
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
    }),
  );
  model.dispose();
  return new TextEncoder().encode(JSON.stringify(json));
}

/** The numbers of the request of this number, no two of which are alike. */
export function inputOf(index: number): Float32Array {
  return Float32Array.from({ length: inputSize }, (_, position) => Math.sin(index * 1_000 + position));
}
