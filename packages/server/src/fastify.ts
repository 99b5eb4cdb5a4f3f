import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { clientSignal } from "./client-signal.ts";
import type { InferenceServer, InferenceServerResponse } from "./inference-server.ts";
import { tooLarge } from "./read-body.ts";

export { clientSignal };

/** Options of {@link inferenceRoutes}. */
export interface InferenceRoutesOptions {
  readonly server: InferenceServer;
}

/**
 * A Fastify plugin with the Open Inference Protocol's routes, under `/v2`. The predictors stay
 * the application's: close them in its `onClose` hook.
 *
 * @example
 * ```ts
 * const server = createInferenceServer({ predictors: [predictor] });
 * await app.register(inferenceRoutes, { server });
 * ```
 */
export async function inferenceRoutes(
  app: FastifyInstance,
  { server }: InferenceRoutesOptions,
): Promise<void> {
  // Bodies are parsed by the server, which words what is wrong with them, and not by Fastify.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "*",
    { parseAs: "buffer", bodyLimit: server.maxBodyBytes },
    (_request, body, done) => {
      done(null, body);
    },
  );
  app.setErrorHandler((error: { code?: unknown }, _request, reply) => {
    const isTooLarge = error.code === "FST_ERR_CTP_BODY_TOO_LARGE";
    return send(reply, server.toErrorResponse(isTooLarge ? tooLarge(server.maxBodyBytes) : error));
  });
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { method, url } = request;
    const path = url.split("?", 1)[0]!;
    const body = request.body instanceof Uint8Array ? request.body : undefined;
    return send(reply, await server.respond({ method, path, body, signal: clientSignal(reply) }));
  };
  for (const url of ["/v2", "/v2/*"]) {
    app.route({
      method: ["GET", "POST", "PUT", "PATCH", "DELETE"],
      url,
      bodyLimit: server.maxBodyBytes,
      handler,
    });
  }
}

function send(reply: FastifyReply, { status, headers, body }: InferenceServerResponse): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}
