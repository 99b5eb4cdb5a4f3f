import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { isolationHeaders } from "../test/chromium-arguments.ts";

/** A server of the files of one folder. */
export interface StaticServer extends AsyncDisposable {
  /** Its address, without a slash at the end. */
  readonly url: string;
  /** The names of the files that were asked for since it was last emptied, with `404 ` before what is not there. */
  readonly requests: string[];
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** Serves the files of a folder, to pages that are cross-origin isolated. */
export async function serveFolder(folder: string): Promise<StaticServer> {
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const file = pathname === "/" ? "index.html" : pathname.slice(1);
    readFile(join(folder, file)).then(
      (body) => {
        requests.push(file);
        const type = types[extname(file)] ?? "application/octet-stream";
        response.writeHead(200, { ...isolationHeaders, "content-type": type }).end(body);
      },
      () => {
        requests.push(`404 ${file}`);
        response.writeHead(404).end();
      },
    );
  });
  server.listen(0, "localhost");
  await once(server, "listening");
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
