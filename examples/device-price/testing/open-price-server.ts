import { onnx } from "@mlops/backend-onnx";
import { createPredictor, openModelPackage, type Predictor } from "@mlops/core";
import type { FastifyInstance } from "fastify";

import type { Device } from "../device.ts";
import { type DevicePrice, devicePriceModel } from "../device-price-model.ts";
import { createPriceServer } from "../price-server.ts";

/** The published model on ONNX Runtime. */
export async function openDevicePricePredictor(): Promise<Predictor<Device, DevicePrice>> {
  const modelPackage = await openModelPackage(new URL("../model/", import.meta.url));
  return createPredictor({ model: devicePriceModel(modelPackage), backend: onnx() });
}

/** The real server, listening on a free port. */
export async function openPriceServer(): Promise<{ app: FastifyInstance; url: string }> {
  const app = await createPriceServer(await openDevicePricePredictor());
  return { app, url: await app.listen({ host: "127.0.0.1", port: 0 }) };
}
