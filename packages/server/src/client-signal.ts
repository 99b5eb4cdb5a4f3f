import type { FastifyReply } from "fastify";

/**
 * A signal that is aborted when the client goes away before it has its whole answer.
 *
 * It takes the place of Fastify's `request.signal` (5.12), which is aborted as soon as a request's
 * body has been read.
 */
export function clientSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const response = reply.raw;
  response.once("close", () => {
    if (!response.writableFinished) controller.abort(new Error("The client closed the connection."));
  });
  return controller.signal;
}
