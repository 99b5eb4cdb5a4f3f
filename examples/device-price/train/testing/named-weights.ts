import type { Tensor } from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";

/** The weights of a model by name, `layer/weight`, in its own order. */
export function namedWeights(network: LayersModel): ReadonlyMap<string, Tensor> {
  return new Map(
    network.layers.flatMap((layer) => {
      const values = layer.getWeights();
      return layer.weights.map((weight, i) => [weight.originalName, values[i]!] as const);
    }),
  );
}
