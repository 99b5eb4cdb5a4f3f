import { type ArtifactSource, type Backend, createPredictor, defineModel, tensor } from "@mlops/core";

import type { EncodedRows } from "../data/encode-rows.ts";
import { numericFeatures } from "../data/numeric-features.ts";

/** The logarithms of the prices that a format of the model gives on a backend. */
export async function runFormat(
  artifact: ArtifactSource,
  backend: Backend,
  devices: EncodedRows,
): Promise<Float32Array> {
  await using predictor = await createPredictor({
    model: defineModel({ name: "device-price", version: "0", artifact }),
    backend,
  });
  const { ln_price: lnPrice } = await predictor.predict({
    numeric: tensor("float32", devices.numeric, [devices.count, numericFeatures.length]),
    brand: tensor("int32", devices.brand, [devices.count, 1]),
    os: tensor("int32", devices.os, [devices.count, 1]),
  });
  if (lnPrice?.dtype !== "float32") throw new Error("The model gives no float32 ln_price.");
  return lnPrice.data;
}
