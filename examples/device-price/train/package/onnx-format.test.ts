import { onnx } from "@mlops/backend-onnx";
import { exportOnnx } from "@mlops/backend-tfjs";
import { readModel } from "@mlops/onnx-builder";
import { beforeAll, describe, expect, test } from "vitest";

import { buildVocabulary } from "../data/vocabulary.ts";
import { disposeWeights } from "../network/network.ts";
import { openTensorFlow } from "../network/tensorflow.ts";
import { predictLnPrices } from "../network/predict.ts";
import { createRandom } from "../random.ts";
import { syntheticDevices } from "../testing/synthetic-devices.ts";
import { untrainedNetwork } from "../testing/untrained-network.ts";
import { describeInputs } from "./extra.ts";
import { randomDevices } from "./random-devices.ts";
import { runFormat } from "./run-format.ts";

beforeAll(openTensorFlow);

const rows = syntheticDevices(100, 1);
const vocabulary = buildVocabulary(rows);

describe("an untrained network gives the same in ONNX Runtime", () => {
  test.each([
    { members: 2, hiddenUnits: [4] },
    { members: 3, hiddenUnits: [8, 4] },
    { members: 2, hiddenUnits: [5, 4, 3] },
  ])("$members members with hidden layers of $hiddenUnits", async ({ members, hiddenUnits }) => {
    const { model } = untrainedNetwork(rows, { members, hiddenUnits });
    const devices = randomDevices(500, describeInputs(rows, vocabulary), createRandom(2));
    const expected = predictLnPrices(model, devices);
    const actual = await runFormat(await exportOnnx(model), onnx(), devices);
    expect(new Set(expected).size).toBeGreaterThan(400);
    for (const [i, price] of actual.entries())
      expect(Math.abs(price - expected[i]!)).toBeLessThanOrEqual(1e-5);
    disposeWeights(model);
  });
});

test("the graph: opset 17, a symbolic batch, plain operators", async () => {
  const { model } = untrainedNetwork(rows, { members: 2, hiddenUnits: [4] });
  const { opset, inputs, outputs, nodes } = readModel(await exportOnnx(model));
  disposeWeights(model);
  expect(opset).toBe(17);
  expect([...inputs, ...outputs].map(({ name, dtype, shape }) => [name, dtype, shape])).toEqual([
    ["numeric", "float32", ["batch", 12]],
    ["brand", "int32", ["batch", 1]],
    ["os", "int32", ["batch", 1]],
    ["ln_price", "float32", ["batch", 1]],
  ]);
  expect([...new Set(nodes.map(({ opType }) => opType))].toSorted()).toEqual([
    "Add",
    "Clip",
    "Concat",
    "Flatten",
    "Gather",
    "Gemm",
    "Identity",
    "MatMul",
    "Mul",
    "Relu",
  ]);
});
