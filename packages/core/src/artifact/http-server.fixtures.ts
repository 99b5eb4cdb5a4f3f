import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** A real HTTP server on this machine. It ends, with all of its connections, when it is disposed of. */
export interface HttpServer extends AsyncDisposable {
  /** Its root, with a slash at the end. */
  readonly url: string;
  /** What was asked for, oldest first. */
  readonly requests: readonly IncomingMessage[];
  /** Resolves when a connection has ended, from whichever side. */
  readonly disconnected: Promise<void>;
}

export async function startHttpServer(listener: RequestListener): Promise<HttpServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    listener(request, response);
  });
  const disconnected = new Promise<void>((resolve) => {
    server.on("connection", (socket) => socket.once("close", () => resolve()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    requests,
    disconnected,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
