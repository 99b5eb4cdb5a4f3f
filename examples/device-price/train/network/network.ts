import { tensor1d, tensor2d, tidy } from "@tensorflow/tfjs-core";
import {
  initializers,
  input,
  type layers as layerTypes,
  layers,
  type LayersModel,
  model,
  type SymbolicTensor,
} from "@tensorflow/tfjs-layers";

import { numericFeatures } from "../data/numeric-features.ts";
import type { Settings } from "../settings.ts";
import type { Encoder } from "./encoder.ts";

/** What a network is built from. */
export interface NetworkOptions {
  readonly encoder: Encoder;
  /** Ids of brands and of operating systems, the unknown one included. */
  readonly brandCount: number;
  readonly osCount: number;
  /** Mean and standard deviation of the logarithms of the training rows' prices. */
  readonly lnPriceMean: number;
  readonly lnPriceDeviation: number;
  readonly settings: Pick<Settings, "members" | "hiddenUnits" | "brandDimensions" | "osDimensions">;
  /** A non-negative integer. */
  readonly seed: number;
}

/** The network, and its members as they are trained: the same layers with the same weights. */
export interface Network {
  /** From `numeric`, `brand` and `os` to `ln_price`, the mean of the members. */
  readonly model: LayersModel;
  /**
   * From `numeric`, `brand`, `os` and a dropout mask for each hidden layer to the member's own
   * price. The masks are inputs because the Dropout layer draws the same mask for every batch
   * once it has a seed, and because the model that is saved should not hold it.
   */
  readonly members: readonly LayersModel[];
}

/** Builds the untrained network. */
export function buildNetwork(options: NetworkOptions): Network {
  const { encoder, settings } = options;
  const featureCount = numericFeatures.length;
  const numeric = input({ shape: [featureCount], name: "numeric" });
  const brand = input({ shape: [1], dtype: "int32", name: "brand" });
  const os = input({ shape: [1], dtype: "int32", name: "os" });
  const inputs = [numeric, brand, os];

  const binsDense = layers.dense({ units: encoder.width, trainable: false, name: "bins_dense" });
  const bins = connect(layers.reLU({ maxValue: 1, name: "bins" }), connect(binsDense, numeric));
  const scalarsDense = layers.dense({
    units: featureCount,
    useBias: false,
    trainable: false,
    name: "scalars",
  });
  const scalars = connect(scalarsDense, bins);
  tidy(() => {
    const { width, binKernel, binBias, scalarKernel } = encoder;
    binsDense.setWeights([tensor2d(binKernel, [featureCount, width]), tensor1d(binBias)]);
    scalarsDense.setWeights([tensor2d(scalarKernel, [width, featureCount])]);
  });

  const members = Array.from({ length: settings.members }, (_, index) =>
    buildMember(index, { bins, scalars, brand, os, ...options }),
  );
  const outputs = members.map(({ output }) => output);
  return {
    model: model({
      inputs,
      outputs: connect(layers.average({ name: "ln_price" }), outputs),
      name: "device_price",
    }),
    members: members.map(({ masks, trainingOutput }) =>
      model({ inputs: [...inputs, ...masks], outputs: trainingOutput }),
    ),
  };
}

interface MemberOptions extends NetworkOptions {
  readonly bins: SymbolicTensor;
  readonly scalars: SymbolicTensor;
  readonly brand: SymbolicTensor;
  readonly os: SymbolicTensor;
}

interface Member {
  readonly output: SymbolicTensor;
  readonly masks: readonly SymbolicTensor[];
  readonly trainingOutput: SymbolicTensor;
}

/**
 * One member: a perceptron over bins, scalars and embeddings, plus a linear path around it that
 * starts at zero. Its output starts near the mean price.
 */
function buildMember(index: number, options: MemberOptions): Member {
  const { bins, scalars, brandCount, osCount, lnPriceMean, lnPriceDeviation, settings } = options;
  const { hiddenUnits, brandDimensions, osDimensions } = settings;
  const named = (part: string): string => `member${index}_${part}`;
  // Never 0, which TensorFlow.js takes for "no seed"; a thousand apart for two seeds, ten for two members.
  let nextSeed = options.seed * 1000 + index * 10 + 1;
  const normal = (stddev: number) => initializers.randomNormal({ stddev, seed: nextSeed++ });

  const embed = (ids: SymbolicTensor, part: string, inputDim: number, outputDim: number): SymbolicTensor => {
    const embeddingsInitializer = normal(0.1);
    const embedding = layers.embedding({ inputDim, outputDim, embeddingsInitializer, name: named(part) });
    return connect(layers.flatten({ name: named(`${part}_flat`) }), connect(embedding, ids));
  };
  const brand = embed(options.brand, "brand", brandCount, brandDimensions);
  const os = embed(options.os, "os", osCount, osDimensions);
  const features = connect(layers.concatenate({ name: named("features") }), [bins, scalars, brand, os]);

  const hidden = hiddenUnits.map((units, layer) =>
    layers.dense({
      units,
      activation: "relu",
      kernelInitializer: initializers.heNormal({ seed: nextSeed++ }),
      name: named(`hidden${layer}`),
    }),
  );
  const outputDeviation = 0.3 * lnPriceDeviation * Math.sqrt(2 / (hiddenUnits.at(-1) ?? 1));
  const deep = layers.dense({
    units: 1,
    kernelInitializer: normal(outputDeviation),
    biasInitializer: initializers.constant({ value: lnPriceMean }),
    name: named("deep"),
  });
  const linear = layers.dense({
    units: 1,
    useBias: false,
    kernelInitializer: "zeros",
    name: named("linear"),
  });
  const sum = layers.add({ name: named("sum") });
  const finish = (last: SymbolicTensor): SymbolicTensor =>
    connect(sum, [connect(deep, last), connect(linear, features)]);

  const output = finish(hidden.reduce((value, layer) => connect(layer, value), features));
  const masks = hiddenUnits.map((units, layer) => input({ shape: [units], name: named(`mask${layer}`) }));
  const trainingOutput = finish(
    hidden.reduce(
      (value, layer, i) => connect(layers.multiply(), [connect(layer, value), masks[i]!]),
      features,
    ),
  );
  return { output, masks, trainingOutput };
}

type Layer = layerTypes.Layer;

/** Applies a layer that has one output. `apply` is typed for tensors and for several outputs too. */
function connect(layer: Layer, inputs: SymbolicTensor | SymbolicTensor[]): SymbolicTensor {
  return layer.apply(inputs) as SymbolicTensor;
}

/**
 * Frees the network's weights, and with them the members'. `LayersModel.dispose` would keep those
 * of the layers that are applied twice, in the model and in a member.
 */
export function disposeWeights(network: LayersModel): void {
  for (const weight of network.layers.flatMap((layer) => layer.weights)) weight.dispose();
}
