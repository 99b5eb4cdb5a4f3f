import { type Backend, createPredictor, type ModelPackage } from "@mlops/core";

import type { Device } from "../device.ts";
import { devicePriceModel } from "../device-price-model.ts";

/** A format of the model on an engine that runs it. */
export interface PriceEngine {
  /** A key of the package's formats. */
  readonly format: "onnx" | "tfjs-layers";
  readonly backend: Backend;
  /** The device that the backend has to take. */
  readonly device: string;
}

/** The prices of devices, in whole cents. */
export async function pricesOn(
  { format, backend, device }: PriceEngine,
  modelPackage: ModelPackage,
  devices: readonly Device[],
): Promise<readonly number[]> {
  await using predictor = await createPredictor({ model: devicePriceModel(modelPackage, format), backend });
  if (predictor.info.device !== device)
    throw new Error(`It runs on ${predictor.info.device}, not ${device}.`);
  const prices = await predictor.predictMany(devices);
  return prices.map(({ priceEur }) => Math.round(100 * priceEur));
}

/** How far apart any two of the engines are on any device, in cents; NaN when a price is. */
export function largestDifference(prices: readonly (readonly number[])[]): number {
  const [first = []] = prices;
  return first.reduce((largest, _, device) => {
    const ofDevice = prices.map((onEngine) => onEngine[device] ?? NaN);
    return Math.max(largest, Math.max(...ofDevice) - Math.min(...ofDevice));
  }, 0);
}
