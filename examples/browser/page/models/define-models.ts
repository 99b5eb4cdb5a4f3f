import { browserCache, type Model, openModelPackage, type ModelPackage } from "@mlops/core";
import type { Device } from "@mlops/example-device-price/device";
import { type DevicePrice, devicePriceModel } from "@mlops/example-device-price/device-price-model";

import type { Drawing } from "../../symbols/strokes.ts";
import { type SymbolGuess, symbolModel } from "../../symbols/symbol-model.ts";

/** The symbol model, from the network at first and from the browser's cache from then on. */
export async function defineSymbols(): Promise<Model<Drawing, readonly SymbolGuess[]>> {
  return symbolModel(await openPackage("symbols"));
}

/** The device-price model, in the same way. */
export async function definePrices(): Promise<Model<Device, DevicePrice>> {
  return devicePriceModel(await openPackage("device-price"));
}

function openPackage(name: string): Promise<ModelPackage> {
  return openModelPackage(new URL(`models/${name}/`, document.baseURI), { cache: browserCache() });
}
