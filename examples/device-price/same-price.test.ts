import { onnx } from "@mlops/backend-onnx";
import { tfjs } from "@mlops/backend-tfjs";
import { type ModelPackage, openModelPackage } from "@mlops/core";
import { beforeAll, describe, expect, test } from "vitest";

import { describeWith, requirement } from "../../scripts/test/requirement.ts";
import type { Device } from "./device.ts";
import { largestDifference, type PriceEngine, pricesOn } from "./testing/price-comparison.ts";
import { randomDevices } from "./testing/random-devices.ts";

let modelPackage: ModelPackage;
let devices: readonly Device[];
let expected: readonly number[];
/** The prices on the engines so far. */
const prices: (readonly number[])[] = [];

const onnxOn = (device: "cpu" | "wasm"): PriceEngine => ({
  format: "onnx",
  backend: onnx({ device }),
  device,
});
const tfjsOn = (device: "cpu" | "wasm" | "tensorflow"): PriceEngine => ({
  format: "tfjs-layers",
  backend: tfjs({ device }),
  device,
});

beforeAll(async () => {
  modelPackage = await openModelPackage(new URL("model/", import.meta.url));
  devices = randomDevices(modelPackage, { count: 1000, seed: 7 });
  expected = await pricesOn(onnxOn("cpu"), modelPackage, devices);
  prices.push(expected);
});

test("the devices are of many kinds", () => {
  expect(new Set(expected).size).toBeGreaterThan(900);
  expect(Math.max(...expected) / Math.min(...expected)).toBeGreaterThan(10);
});

describe("the price of ONNX Runtime on the processor, to a cent, and of each engine before", () => {
  const differenceOn = async (engine: PriceEngine): Promise<number> => {
    prices.push(await pricesOn(engine, modelPackage, devices));
    return largestDifference(prices);
  };

  const engines = [onnxOn("wasm"), tfjsOn("cpu"), tfjsOn("wasm")];
  test.each(engines)("is that of $format on $device", async (engine) => {
    expect(await differenceOn(engine)).toBeLessThanOrEqual(1);
  });

  describeWith(requirement("tfjs-node"), "with TensorFlow's own library", () => {
    test("is that of tfjs-layers on tensorflow", async () => {
      expect(await differenceOn(tfjsOn("tensorflow"))).toBeLessThanOrEqual(1);
    });
  });
});

describe("another price would be found", () => {
  test.each([
    { change: 2, found: 2 },
    { change: NaN, found: NaN },
  ])("by $change cents", ({ change, found }) => {
    const other = expected.map((price, device) => (device === 500 ? price + change : price));
    expect(largestDifference([expected, other])).toBe(found);
  });
});
