import { describe, expect, test } from "vitest";

import { findFreePort } from "./free-port.ts";
import { startServerProcess } from "./server-process.ts";

const startNode = async (source: string, timeoutMs = 20_000) => {
  const port = await findFreePort();
  const server = await startServerProcess({
    command: process.execPath,
    commandArguments: ["-e", source],
    environment: { PORT: String(port) },
    timeoutMs,
    async probe() {
      const { ok, status } = await fetch(`http://127.0.0.1:${port}`);
      if (!ok) throw new Error(`status ${status}`);
    },
  });
  return { port, server };
};

describe("startServerProcess", () => {
  test("waits for the first good answer, tells the memory, and stops it", async () => {
    const { port, server } = await startNode(`
      let answers = 0;
      require("http").createServer((request, response) => {
        response.writeHead(answers++ < 2 ? 503 : 200).end();
      }).listen(process.env.PORT, "127.0.0.1");
    `);
    expect(server.coldStartMs).toBeGreaterThan(0);
    // Only Linux tells; a Node process has tens of megabytes.
    expect(server.peakMemoryMb() ?? Infinity).toBeGreaterThan(process.platform === "linux" ? 10 : 1e9);
    await server.stop();
    await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow("fetch failed");
    await server.stop();
  });

  test("a server that ends is an error with what it printed", async () => {
    await expect(startNode(`console.error("no such model"); process.exit(3)`)).rejects.toThrow(
      /ended before it answered\.\nno such model/,
    );
  });

  test("a server that never answers well is an error that tells why, and is stopped", async () => {
    const source = `require("http").createServer((_, response) => response.writeHead(503).end()).listen(process.env.PORT)`;
    await expect(startNode(source, 1000)).rejects.toThrow(
      "within 1000 ms (the last time: Error: status 503)",
    );
  });

  test("a command that is not there is an error", async () => {
    const start = startServerProcess({
      command: "no-such-command",
      commandArguments: [],
      probe: () => Promise.reject(new Error("not there")),
    });
    await expect(start).rejects.toThrow("no-such-command");
  });
});
