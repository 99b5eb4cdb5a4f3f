import { onnx } from "@mlops/backend-onnx";
import { type ModelPackage, openModelPackage, type Session, tensor, type TensorMap } from "@mlops/core";
import { findBatchVariance } from "@mlops/core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { DevicePrice } from "./device-price-model.ts";
import { openDevicePricePredictor } from "./testing/open-price-server.ts";
import { extraSchema } from "./train/package/extra.ts";
import { randomDevices } from "./train/package/random-devices.ts";
import { createRandom } from "./train/random.ts";

let modelPackage: ModelPackage;
let session: Session;
beforeAll(async () => {
  modelPackage = await openModelPackage(new URL("model/", import.meta.url));
  session = await onnx().load(modelPackage.model("onnx").artifact, {});
});
afterAll(() => session.release());

/** Devices as they may come, the same ones every time. */
function devices(count: number): TensorMap {
  const ranges = extraSchema.parse(modelPackage.manifest.extra);
  const { numeric, brand, os } = randomDevices(count, ranges, createRandom(1));
  return {
    numeric: tensor("float32", numeric, [count, 12]),
    brand: tensor("int32", brand, [count, 1]),
    os: tensor("int32", os, [count, 1]),
  };
}

test("a device has the same price in any batch as alone, within the declared precision", async () => {
  expect(await findBatchVariance(session, devices(200))).toBeUndefined();
});

test("one that depended on its batch would be found", async () => {
  const dependent: Session = {
    ...session,
    async doRun(inputs, options) {
      const { ln_price: lnPrice } = await session.doRun(inputs, options);
      const data = (lnPrice!.data as Float32Array).map((value) => value + 1e-3 * inputs["brand"]!.shape[0]!);
      return { ln_price: tensor("float32", data, lnPrice!.shape) };
    },
    release: () => session.release(),
  };
  expect(await findBatchVariance(dependent, devices(20))).toMatch(
    /^outputs of row 0, at place 0 of a batch of 2/,
  );
});

test("callers who share a batch get the prices that each gets alone", async () => {
  await using predictor = await openDevicePricePredictor();
  const brands = ["Samsung", "Apple", "Nokia", undefined];
  const asked = Array.from({ length: 60 }, (_, index) => ({
    brand: brands[index % brands.length],
    newPriceEur: 50 + 30 * index,
  }));
  const alone: DevicePrice[] = [];
  for (const device of asked) alone.push(await predictor.predict(device));
  const batchSizes: number[] = [];
  predictor.observe(({ batchRows }) => batchSizes.push(batchRows ?? 0));
  const together = await predictor.predictMany(asked);
  const { relative, absolute } = session.precision;
  for (const [index, { priceEur }] of together.entries()) {
    const expected = alone[index]!.priceEur;
    const lnPrice = Math.log(expected);
    // The model gives the logarithm, and a price is rounded to a cent.
    const tolerance = absolute + relative * Math.abs(lnPrice) + 0.01 / expected;
    expect(Math.abs(Math.log(priceEur) - lnPrice)).toBeLessThanOrEqual(tolerance);
  }
  await predictor.close();
  expect(Math.max(...batchSizes)).toBeGreaterThan(1);
});
