import { memory, setBackend } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

import { encodeRows } from "../data/encode-rows.ts";
import { priceMetrics } from "../evaluation/metrics.ts";
import { defaultSettings, type Settings } from "../settings.ts";
import { namedWeights } from "../testing/named-weights.ts";
import { syntheticDevices } from "../testing/synthetic-devices.ts";
import { fitNetwork, type FitProgress } from "./fit.ts";

import { predictLnPrices } from "./predict.ts";
import { openTensorFlow } from "./tensorflow.ts";

beforeAll(openTensorFlow);

const short: Settings = { ...defaultSettings, members: 2, epochs: 2 };
const rows = syntheticDevices(200, 1);

async function weightsAfter(seed: number): Promise<Record<string, Float32Array>> {
  using fitted = await fitNetwork(rows, { settings: short, seed });
  const weights = [...namedWeights(fitted.model)];
  return Object.fromEntries(weights.map(([name, weight]) => [name, weight.dataSync<"float32">().slice()]));
}

test("a seed decides the weights to the last bit", async () => {
  const first = await weightsAfter(1);
  expect(await weightsAfter(1)).toEqual(first);
  expect((await weightsAfter(2))["member0_hidden0/kernel"]).not.toEqual(first["member0_hidden0/kernel"]);
});

test("members differ from one another", async () => {
  const weights = await weightsAfter(3);
  expect(weights["member0_hidden0/kernel"]).not.toEqual(weights["member1_hidden0/kernel"]);
});

test("it learns the rule that the prices follow", async () => {
  const train = syntheticDevices(800, 2);
  using fitted = await fitNetwork(train, { settings: { ...short, epochs: 12 }, seed: 1 });
  const heldOut = syntheticDevices(200, 3);
  const { r2 } = priceMetrics(
    heldOut.map((row) => row.lnPrice),
    predictLnPrices(fitted.model, encodeRows(heldOut, fitted.vocabulary)),
  );
  expect(r2).toBeGreaterThan(0.9);
});

test("progress tells member, epoch and a falling loss", async () => {
  const progress: FitProgress[] = [];
  const settings = { ...short, epochs: 3 };
  using _ = await fitNetwork(rows, { settings, seed: 1, onEpoch: (epoch) => progress.push(epoch) });
  expect(progress.map(({ member, epoch }) => [member, epoch])).toEqual([
    [1, 1],
    [1, 2],
    [1, 3],
    [2, 1],
    [2, 2],
    [2, 3],
  ]);
  expect(progress[2]!.loss).toBeLessThan(progress[0]!.loss);
});

test("the frozen layers stay as they were computed", async () => {
  const [once, longer] = [await weightsAfter(1), await weightsAfter(4)];
  expect(longer["bins_dense/kernel"]).toEqual(once["bins_dense/kernel"]);
  expect(longer["scalars/kernel"]).toEqual(once["scalars/kernel"]);
});

test("fewer rows than a batch are one batch", async () => {
  const losses: number[] = [];
  const onEpoch = ({ loss }: FitProgress): unknown => losses.push(loss);
  using _ = await fitNetwork(syntheticDevices(20, 1), { settings: short, seed: 1, onEpoch });
  expect(losses).toHaveLength(4);
  expect(losses.every((loss) => loss > 0 && Number.isFinite(loss))).toBe(true);
});

test("nothing is left in TensorFlow.js's memory", async () => {
  const before = memory().numTensors;
  await weightsAfter(1);
  expect(memory().numTensors).toBe(before);
});

describe("the gradient of the embeddings", () => {
  test("is the same in WebAssembly as in JavaScript", async () => {
    const inWasm = await weightsAfter(5);
    await import("@tensorflow/tfjs-backend-cpu");
    await setBackend("cpu");
    const inJavaScript = await weightsAfter(5);
    await setBackend("wasm");
    const [wasm, javaScript] = [
      inWasm["member0_brand/embeddings"]!,
      inJavaScript["member0_brand/embeddings"]!,
    ];
    // Six steps of Adam move a weight by up to 0.03; the roundings of the kernels differ.
    for (const [i, value] of wasm.entries()) expect(value).toBeCloseTo(javaScript[i]!, 4);
  });
});
