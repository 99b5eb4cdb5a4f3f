import { InvalidOptionsError } from "@mlops/core";

import { type HttpError, toHttpError } from "./http-error.ts";
import { PredictorIndex, type ServedPredictor } from "./predictor-index.ts";
import { infer } from "./protocol/infer.ts";
import { toModelMetadata } from "./protocol/metadata.ts";
import { readBody } from "./read-body.ts";
import { parseRoute, type Route } from "./route.ts";

/** Options of {@link createInferenceServer}. */
export interface InferenceServerOptions {
  /**
   * What is served, under the name and version of its model. The first one of a name answers
   * requests that name no version.
   */
  readonly predictors: readonly ServedPredictor[];
  /** The server's name in its metadata. Default `mlops`. */
  readonly name?: string | undefined;
  /** The server's version in its metadata. Default `0`. */
  readonly version?: string | undefined;
  /** The largest request body, in bytes. Default 8 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** Is told of every error that a client was answered with, to log or count it. */
  readonly onError?: ((error: unknown, request: { method: string; path: string }) => void) | undefined;
}

/** A request, whatever HTTP server it came through. */
export interface InferenceServerRequest {
  readonly method: string;
  /** The path of the URL as it was sent, still percent-encoded, without the query. */
  readonly path: string;
  readonly body?: Uint8Array | undefined;
  /** Aborted when the client has gone. */
  readonly signal?: AbortSignal | undefined;
}

/** A response, for whatever HTTP server sends it. */
export interface InferenceServerResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Predictors behind the Open Inference Protocol's HTTP routes. */
export interface InferenceServer {
  readonly maxBodyBytes: number;
  /** Answers a Fetch request: for Hono, Bun, Deno, Next.js and workers. It never rejects. */
  handle(request: Request): Promise<Response>;
  /** Answers a request in its plain parts: for everything else. It never rejects. */
  respond(request: InferenceServerRequest): Promise<InferenceServerResponse>;
  /** The response that tells of an error, as this server words it. */
  toErrorResponse(error: unknown): InferenceServerResponse;
}

/**
 * Serves predictors by the Open Inference Protocol, version 2, in JSON: health, metadata and
 * inference under `/v2`.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` when two predictors have the same name and
 *   version, or one cannot be asked in tensors.
 * @see https://github.com/kserve/open-inference-protocol
 */
export function createInferenceServer(options: InferenceServerOptions): InferenceServer {
  const { name = "mlops", version = "0", maxBodyBytes = 8 * 1024 * 1024, onError } = options;
  if (!Number.isSafeInteger(maxBodyBytes) || maxBodyBytes < 1) {
    throw new InvalidOptionsError({
      option: "maxBodyBytes",
      problem: `is ${maxBodyBytes}; it has to be a whole number of at least 1`,
    });
  }
  const index = new PredictorIndex(options.predictors);

  const answer = async (
    route: Route,
    { body, signal }: InferenceServerRequest,
  ): Promise<InferenceServerResponse> => {
    switch (route.name) {
      case "server-metadata":
        return ok({ name, version, extensions: [] });
      case "server-live":
        return ok({ live: true });
      case "server-ready": {
        const ready = index.isReady();
        // The specification's text says `live` here, too.
        return json(ready ? 200 : 503, JSON.stringify({ live: true, ready }));
      }
      case "model-metadata": {
        const predictor = index.find(route.model, route.version);
        const versions = route.version === undefined ? index.versions(route.model) : [route.version];
        return ok(toModelMetadata(predictor.info, versions));
      }
      case "model-ready": {
        const ready = index.find(route.model, route.version).health().status === "ready";
        return json(ready ? 200 : 503, JSON.stringify({ name: route.model, ready }));
      }
      case "model-infer": {
        const predictor = index.find(route.model, route.version);
        return json(200, await infer(predictor, body ?? new Uint8Array(), signal));
      }
    }
  };

  const answerSafely = async (
    method: string,
    path: string,
    work: () => Promise<InferenceServerResponse>,
  ): Promise<InferenceServerResponse> => {
    try {
      return await work();
    } catch (error) {
      try {
        onError?.(error, { method, path });
      } catch {
        // Whoever listens cannot keep the client from its answer.
      }
      return toErrorResponse(error);
    }
  };

  const respond = (request: InferenceServerRequest): Promise<InferenceServerResponse> =>
    answerSafely(request.method, request.path, () => answer(parseRoute(request), request));

  return Object.freeze({
    maxBodyBytes,
    respond,
    toErrorResponse,
    async handle(request: Request) {
      const { method, signal } = request;
      const path = new URL(request.url).pathname;
      const { status, headers, body } = await answerSafely(method, path, async () => {
        const route = parseRoute({ method, path });
        return answer(route, { method, path, signal, body: await readBody(request, maxBodyBytes) });
      });
      return new Response(method === "HEAD" ? null : body, { status, headers });
    },
  });
}

function toErrorResponse(error: unknown): InferenceServerResponse {
  const { status, code, message, headers }: HttpError = toHttpError(error);
  return json(status, JSON.stringify({ error: message, code }), headers);
}

function ok(body: unknown): InferenceServerResponse {
  return json(200, JSON.stringify(body));
}

function json(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): InferenceServerResponse {
  return { status, headers: { "content-type": "application/json; charset=utf-8", ...headers }, body };
}
