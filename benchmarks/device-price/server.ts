// The device-price server as `pnpm start` runs it, on the package MODEL_FOLDER and the port PORT.
import { onnx } from "@mlops/backend-onnx";
import { createPredictor, openModelPackage } from "@mlops/core";

import { devicePriceModel } from "../../examples/device-price/device-price-model.ts";
import { createPriceServer } from "../../examples/device-price/price-server.ts";

const modelPackage = await openModelPackage(process.env["MODEL_FOLDER"]!);
const predictor = await createPredictor({ model: devicePriceModel(modelPackage), backend: onnx() });
const app = await createPriceServer(predictor, { logger: { level: "warn" } });
await app.listen({ host: "127.0.0.1", port: Number(process.env["PORT"]) });
process.once("SIGTERM", () => void app.close());
