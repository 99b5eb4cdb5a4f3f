import { dispose, memory, ones, type Tensor, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

import { encodeRows } from "../data/encode-rows.ts";
import { buildVocabulary } from "../data/vocabulary.ts";
import { namedWeights } from "../testing/named-weights.ts";
import { syntheticDevices } from "../testing/synthetic-devices.ts";
import { untrainedNetwork } from "../testing/untrained-network.ts";
import { inputTensors } from "./input-tensors.ts";
import { disposeWeights, type Network } from "./network.ts";
import { predictLnPrices } from "./predict.ts";
import { openTensorFlow } from "./tensorflow.ts";

beforeAll(openTensorFlow);

const rows = syntheticDevices(50, 1);
const inputs = encodeRows(rows, buildVocabulary(rows));

/** What each member gives when all its masks hold the same number. */
function memberPrices({ members }: Network, makeMask: (shape: [number, number]) => Tensor): number[][] {
  return members.map((member) => {
    const masks = [8, 4].map((units) => makeMask([rows.length, units]));
    const tensors = [...inputTensors(inputs), ...masks];
    const output = member.predict(tensors) as Tensor;
    const prices = Array.from(output.dataSync<"float32">());
    dispose([...tensors, output]);
    return prices;
  });
}

test("without dropout the members' mean is the model", () => {
  const network = untrainedNetwork(rows, { members: 3, hiddenUnits: [8, 4] });
  const members = memberPrices(network, (shape) => ones(shape));
  const model = predictLnPrices(network.model, inputs);
  for (const [row, price] of model.entries()) {
    expect(price).toBeCloseTo(members.reduce((sum, prices) => sum + prices[row]!, 0) / 3, 5);
  }
  disposeWeights(network.model);
});

test("a mask of zeros leaves the mean price, as the linear path starts at zero", () => {
  const network = untrainedNetwork(rows, { members: 2, hiddenUnits: [8, 4] });
  expect(new Set(memberPrices(network, (shape) => zeros(shape)).flat())).toEqual(new Set([4]));
  disposeWeights(network.model);
});

test("the members start apart", () => {
  const network = untrainedNetwork(rows, { members: 2, hiddenUnits: [8, 4] });
  const weights = namedWeights(network.model);
  for (const part of [
    "brand/embeddings",
    "os/embeddings",
    "hidden0/kernel",
    "hidden1/kernel",
    "deep/kernel",
  ]) {
    const [first, second] = [0, 1].map((member) =>
      weights.get(`member${member}_${part}`)?.dataSync<"float32">(),
    );
    expect(first, part).toBeDefined();
    expect(second, part).not.toEqual(first);
  }
  disposeWeights(network.model);
});

test("disposing frees everything", () => {
  const before = memory().numTensors;
  disposeWeights(untrainedNetwork(rows, { members: 2, hiddenUnits: [8, 4] }).model);
  expect(memory().numTensors).toBe(before);
});
