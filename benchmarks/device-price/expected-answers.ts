import { onnx } from "@mlops/backend-onnx";
import { createPredictor, type ModelPackage } from "@mlops/core";

import type { Device } from "../../examples/device-price/device.ts";
import { devicePriceModel } from "../../examples/device-price/device-price-model.ts";
import type { PriceResponse } from "../../examples/device-price/price-server.ts";

/** What a server has to answer for each device: the predictor's own answers, without any HTTP. */
export async function computeExpectedAnswers(
  modelPackage: ModelPackage,
  devices: readonly Device[],
): Promise<PriceResponse[]> {
  await using predictor = await createPredictor({ model: devicePriceModel(modelPackage), backend: onnx() });
  const { model, version } = predictor.info;
  const prices = await predictor.predictMany(devices);
  return prices.map((price) => ({ ...price, model, version }));
}
