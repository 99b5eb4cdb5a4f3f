import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

import { InvalidInputError, type Predictor } from "@mlops/core";
import { createInferenceServer, toHttpError } from "@mlops/server";
import { clientSignal, inferenceRoutes } from "@mlops/server/fastify";
import { type FastifyInstance, fastify, type FastifyServerOptions } from "fastify";

import type { Device } from "./device.ts";
import type { DevicePrice } from "./device-price-model.ts";

/** What `POST /v1/price` answers. */
export interface PriceResponse extends DevicePrice {
  /** The name and version of the model that answered. */
  readonly model: string;
  readonly version: string;
}

/** The largest body that the server takes, in bytes. */
const maxBodyBytes = 1024 * 1024;

/**
 * The HTTP server of the device-price model: a form at `/`, plain JSON at `POST /v1/price`, and
 * the Open Inference Protocol under `/v2`. Closing it closes the predictor too.
 */
export async function createPriceServer(
  predictor: Predictor<Device, DevicePrice>,
  { logger = false }: Pick<FastifyServerOptions, "logger"> = {},
): Promise<FastifyInstance> {
  const app = fastify({ logger: logger ?? false, bodyLimit: maxBodyBytes, forceCloseConnections: "idle" });
  const page = await readFile(new URL("./page.html", import.meta.url), "utf8");
  const contentSecurityPolicy = policyFor(page);
  const { model, version } = predictor.info;

  app.setErrorHandler((error: Error, request, reply) => {
    const { status, code, message } = describeError(error);
    if (status >= 500) request.log.error({ err: error }, "request failed");
    const issues = InvalidInputError.isInstance(error)
      ? error.issues.map((issue) => ({ field: issue.path.join("."), message: issue.message }))
      : undefined;
    return reply.code(status).send({ error: { code, message, issues } });
  });

  app.get("/", (_request, reply) =>
    reply
      .type("text/html; charset=utf-8")
      .header("content-security-policy", contentSecurityPolicy)
      .header("x-content-type-options", "nosniff")
      .send(page),
  );

  app.post("/v1/price", async (request, reply): Promise<PriceResponse> => {
    // The model's input schema checks the body.
    const price = await predictor.predict(request.body as Device, { signal: clientSignal(reply) });
    return { ...price, model, version };
  });

  const server = createInferenceServer({
    predictors: [predictor],
    name: "device-price-server",
    maxBodyBytes,
  });
  await app.register(inferenceRoutes, { server });

  app.addHook("onClose", () => predictor.close());
  return app;
}

function describeError(error: Error): { status: number; code: string; message: string } {
  const { statusCode, code } = error as { statusCode?: unknown; code?: unknown };
  // Fastify's own errors, such as a body that is no JSON or too large, carry their status.
  if (typeof statusCode === "number" && statusCode < 500 && typeof code === "string") {
    return { status: statusCode, code, message: error.message };
  }
  return toHttpError(error);
}

/** Allows the page's own inline script and style, by their hashes, and nothing else. */
function policyFor(page: string): string {
  const hashOf = (element: string): string => {
    const content = new RegExp(`<${element}>([^]*?)</${element}>`).exec(page)?.[1] ?? "";
    return `'sha256-${createHash("sha256").update(content).digest("base64")}'`;
  };
  return [
    "default-src 'none'",
    `script-src ${hashOf("script")}`,
    `style-src ${hashOf("style")}`,
    "connect-src 'self'",
    "img-src data:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
