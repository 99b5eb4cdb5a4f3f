import { dirname, join } from "node:path";

import fastifyStatic from "@fastify/static";
import { onnx } from "@mlops/backend-onnx";
import { createPredictor, openModelPackage } from "@mlops/core";
import { devicePriceModel } from "@mlops/example-device-price/device-price-model";
import { createInferenceServer } from "@mlops/server";
import { inferenceRoutes } from "@mlops/server/fastify";
import { fastify, type FastifyInstance } from "fastify";

import { symbolModel } from "../symbols/symbol-model.ts";
import { pageHeaders } from "./page-headers.ts";

/** Seconds that a browser may keep a file whose name has its hash in it. */
const year = 365 * 24 * 3600;

/**
 * The server of the page: its files, and the same models on this machine's processor under `/v2`.
 * Closing it closes them too.
 *
 * @param folder - What `buildPage` has made.
 */
export async function createPageServer(folder: string): Promise<FastifyInstance> {
  const open = (name: string) => openModelPackage(join(folder, "models", name));
  const symbols = await createPredictor({
    model: symbolModel(await open("symbols")),
    backend: onnx(),
    execution: "worker",
  });
  const prices = await createPredictor({
    model: devicePriceModel(await open("device-price")),
    backend: onnx(),
  });

  const app = fastify({ forceCloseConnections: true });
  app.addHook("onSend", async (_request, reply) => {
    reply.headers(pageHeaders);
  });
  await app.register(fastifyStatic, {
    root: folder,
    preCompressed: true,
    cacheControl: false,
    setHeaders(reply, path) {
      const isHashed = dirname(path) === join(folder, "assets");
      reply.header("cache-control", isHashed ? `public, max-age=${year}, immutable` : "no-cache");
    },
  });
  const server = createInferenceServer({ predictors: [symbols, prices], name: "browser-example" });
  await app.register(inferenceRoutes, { server });
  app.addHook("onClose", async () => {
    await Promise.all([symbols.close(), prices.close()]);
  });
  return app;
}
