import { onnx } from "@mlops/backend-onnx";
import { type ArtifactSource, createPredictor, defineModel, tensor } from "@mlops/core";

import type { EncodedRows } from "../data/encode-rows.ts";
import { numericFeatures } from "../data/numeric-features.ts";

/** The logarithms of the prices that the ONNX model gives in ONNX Runtime. */
export async function runOnnx(artifact: ArtifactSource, devices: EncodedRows): Promise<Float32Array> {
  await using predictor = await createPredictor({
    model: defineModel({ name: "device-price", version: "0", artifact }),
    backend: onnx(),
  });
  const { ln_price: lnPrice } = await predictor.predict({
    numeric: tensor("float32", devices.numeric, [devices.count, numericFeatures.length]),
    brand: tensor("int32", devices.brand, [devices.count, 1]),
    os: tensor("int32", devices.os, [devices.count, 1]),
  });
  if (lnPrice?.dtype !== "float32") throw new Error("The ONNX model gives no float32 ln_price.");
  return lnPrice.data;
}
