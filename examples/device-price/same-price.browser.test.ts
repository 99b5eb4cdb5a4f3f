import { onnx } from "@mlops/backend-onnx";
import { tfjs } from "@mlops/backend-tfjs";
import { type Backend, openModelPackage, tensor } from "@mlops/core";
import { beforeAll, expect, test } from "vitest";
import { commands } from "vitest/browser";

import { largestDifference, type PriceEngine, pricesOn } from "./testing/price-comparison.ts";
import { randomDevices } from "./testing/random-devices.ts";
import { signature } from "./train/package/signature.ts";

const modelPackage = await openModelPackage(new URL("model/", import.meta.url));
const devices = randomDevices(modelPackage, { count: 1000, seed: 7 });
/** The prices on the engines so far. */
const prices: (readonly number[])[] = [];

/** ONNX Runtime on the processor, outside of the browser. */
const native: Backend = {
  specificationVersion: "v1",
  name: "native",
  load: async () => ({
    ...signature,
    device: "cpu",
    maxBatchSize: Infinity,
    supportsParallelRuns: false,
    precision: { relative: 1e-4, absolute: 1e-5 },
    async doRun({ numeric, brand, os }) {
      const plain = Object.entries({ numeric, brand, os }).map(([name, value]) => {
        const { shape, data } = value!;
        const dtype = name === "numeric" ? "float32" : "int32";
        return [name, { dtype, shape, data: Array.from(data, Number) }] as const;
      });
      const path = "examples/device-price/model/onnx/model.onnx";
      const { ln_price: lnPrice } = await commands.predictNatively(path, Object.fromEntries(plain));
      return { ln_price: tensor("float32", lnPrice!.data, lnPrice!.shape) };
    },
    release: async () => {},
  }),
};

const engines: readonly PriceEngine[] = [
  ...(["wasm", "webgpu"] as const).map((device) => ({
    format: "onnx" as const,
    device,
    backend: onnx({ device }),
  })),
  ...(["webgpu", "webgl", "wasm", "cpu"] as const).map((device) => ({
    format: "tfjs-layers" as const,
    device,
    backend: tfjs({ device }),
  })),
];

beforeAll(async () => {
  prices.push(await pricesOn({ format: "onnx", device: "cpu", backend: native }, modelPackage, devices));
});

test.each(engines)(
  "$format on $device gives the prices of Node, and of each engine before",
  async (engine) => {
    prices.push(await pricesOn(engine, modelPackage, devices));
    expect(new Set(prices[0]).size).toBeGreaterThan(900);
    expect(largestDifference(prices)).toBeLessThanOrEqual(1);
  },
);
