import { dispose, div, mean, squaredDifference, type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";

import type { DeviceRow } from "../data/device-row.ts";
import { type EncodedRows, encodeRows } from "../data/encode-rows.ts";
import { numericFeatures } from "../data/numeric-features.ts";
import { buildVocabulary, type Vocabulary } from "../data/vocabulary.ts";
import { createRandom, type Random, shuffled } from "../random.ts";
import type { Settings } from "../settings.ts";
import { AdjustableAdam } from "./adjustable-adam.ts";
import { augment } from "./augment.ts";
import { fitEncoder } from "./encoder.ts";
import { inputTensors } from "./input-tensors.ts";
import { learningRateAt } from "./learning-rate.ts";
import { buildNetwork, disposeWeights } from "./network.ts";

/** A trained network and the names that its ids stand for. Hold it with `using`. */
export interface FittedNetwork extends Disposable {
  readonly model: LayersModel;
  readonly vocabulary: Vocabulary;
}

/** How far the training has come. Members and epochs count from 1. */
export interface FitProgress {
  readonly member: number;
  readonly epoch: number;
  /** The epoch's mean squared error, as a fraction of the variance of the training rows' prices. */
  readonly loss: number;
}

/** Options of {@link fitNetwork}. */
export interface FitOptions {
  readonly settings: Settings;
  /** A non-negative integer. Equal seeds give equal weights, to the last bit. */
  readonly seed: number;
  readonly onEpoch?: ((progress: FitProgress) => void) | undefined;
}

/** Trains a network on the rows, which everything it knows is computed from. */
export async function fitNetwork(rows: readonly DeviceRow[], options: FitOptions): Promise<FittedNetwork> {
  const { settings, seed, onEpoch } = options;
  const vocabulary = buildVocabulary(rows);
  const prices = Float32Array.from(rows, (row) => row.lnPrice);
  const lnPriceMean = prices.reduce((sum, price) => sum + price, 0) / prices.length;
  const variance = prices.reduce((sum, price) => sum + (price - lnPriceMean) ** 2, 0) / prices.length;

  const network = buildNetwork({
    encoder: fitEncoder(rows),
    brandCount: vocabulary.brands.length,
    osCount: vocabulary.operatingSystems.length,
    lnPriceMean,
    lnPriceDeviation: Math.sqrt(variance),
    settings,
    seed,
  });
  const data = { inputs: encodeRows(rows, vocabulary), prices, variance };
  for (const [index, member] of network.members.entries()) {
    await fitMember(member, data, {
      settings,
      random: createRandom(seed * 7919 + index * 104_729 + 17),
      onEpoch: (epoch, loss) => onEpoch?.({ member: index + 1, epoch, loss }),
    });
  }
  const { model } = network;
  return { model, vocabulary, [Symbol.dispose]: () => disposeWeights(model) };
}

interface TrainingTensors {
  readonly inputs: EncodedRows;
  readonly prices: Float32Array;
  readonly variance: number;
}

interface MemberFitOptions {
  readonly settings: Settings;
  readonly random: Random;
  readonly onEpoch: (epoch: number, loss: number) => void;
}

/** Trains one member: every epoch passes once over all rows, but for those short of a whole batch. */
async function fitMember(
  member: LayersModel,
  { inputs, prices, variance }: TrainingTensors,
  { settings, random, onEpoch }: MemberFitOptions,
): Promise<void> {
  const { epochs, hiddenUnits, dropout, augmentation } = settings;
  const batchSize = Math.min(settings.batchSize, inputs.count);
  const batchesPerEpoch = Math.floor(inputs.count / batchSize);
  const optimizer = new AdjustableAdam();
  const loss = (target: Tensor, price: Tensor): Tensor =>
    div(mean(squaredDifference(target, price)), variance);
  member.compile({ optimizer, loss });

  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = shuffled(inputs.brand.keys(), random);
    let lossSum = 0;
    for (let batch = 0; batch < batchesPerEpoch; batch++) {
      const rows = order.slice(batch * batchSize, (batch + 1) * batchSize);
      const taken = takeRows(inputs, rows);
      augment(taken, augmentation, random);
      const masks = hiddenUnits.map((units) => dropoutMask(batchSize, units, dropout, random));
      const x = [...inputTensors(taken), ...masks];
      const y = tensor2d(
        Float32Array.from(rows, (row) => prices[row]!),
        [batchSize, 1],
      );
      const done = epoch * batchesPerEpoch + batch;
      optimizer.setLearningRate(learningRateAt(done, epochs * batchesPerEpoch, settings));
      // One number, as the model has no metrics besides its loss.
      lossSum += (await member.trainOnBatch(x, y)) as number;
      dispose([...x, y]);
    }
    onEpoch(epoch + 1, lossSum / batchesPerEpoch);
  }
  optimizer.dispose();
}

/** Copies of the rows with the given indices. */
function takeRows({ numeric, brand, os }: EncodedRows, rows: readonly number[]): EncodedRows {
  const width = numericFeatures.length;
  const taken = new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries())
    taken.set(numeric.subarray(row * width, (row + 1) * width), i * width);
  return {
    count: rows.length,
    numeric: taken,
    brand: Int32Array.from(rows, (row) => brand[row]!),
    os: Int32Array.from(rows, (row) => os[row]!),
  };
}

/** Inverted dropout (Srivastava et al. 2014): the units that stay make up for those that go. */
function dropoutMask(rows: number, units: number, rate: number, random: Random): Tensor {
  const kept = 1 / (1 - rate);
  return tensor2d(
    Float32Array.from({ length: rows * units }, () => (random() < rate ? 0 : kept)),
    [rows, units],
  );
}
