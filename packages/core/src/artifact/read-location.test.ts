import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

import { describe, expect, test } from "vitest";

import type { ReadProgress } from "./artifact.ts";
import { startHttpServer } from "./http-server.fixtures.ts";
import { openArtifact } from "./open-artifact.ts";

const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => (index * index) % 251);
const sha256 = createHash("sha256").update(bytes).digest("hex");

const half = bytes.subarray(0, 100_000);

describe("over HTTP", () => {
  test("with a content-length, the progress knows the whole", async () => {
    await using server = await startHttpServer((_, response) => {
      response.setHeader("content-length", bytes.byteLength).end(bytes);
    });
    for (const source of [`${server.url}model.bin`, new URL("model.bin", server.url)]) {
      const progress: ReadProgress[] = [];
      const read = await openArtifact(source, { sha256 }).read({
        onProgress: (event) => progress.push(event),
      });
      expect(read).toEqual(bytes);
      expectGrowing(progress, bytes.byteLength);
      expect(progress.every(({ totalBytes }) => totalBytes === bytes.byteLength)).toBe(true);
    }
  });

  test("without a content-length, it does not", async () => {
    await using server = await startHttpServer((_, response) => {
      response.write(half);
      response.end(bytes.subarray(half.byteLength));
    });
    const progress: ReadProgress[] = [];
    const read = await openArtifact(server.url, { sha256 }).read({
      onProgress: (event) => progress.push(event),
    });
    expect(read).toEqual(bytes);
    expectGrowing(progress, bytes.byteLength);
    expect(progress.every(({ totalBytes }) => totalBytes === undefined)).toBe(true);
  });

  test("compressed, the bytes and the progress are those of the file", async () => {
    const compressed = gzipSync(bytes);
    await using server = await startHttpServer((_, response) => {
      response
        .writeHead(200, { "content-encoding": "gzip", "content-length": compressed.byteLength })
        .end(compressed);
    });
    const progress: ReadProgress[] = [];
    const declared = { sha256, sizeBytes: bytes.byteLength };
    const read = await openArtifact(server.url, declared).read({
      onProgress: (event) => progress.push(event),
    });
    expect(read).toEqual(bytes);
    expectGrowing(progress, bytes.byteLength);
    expect(progress.every(({ totalBytes }) => totalBytes === bytes.byteLength)).toBe(true);
  });

  test("an empty answer is an empty file", async () => {
    await using server = await startHttpServer((_, response) => void response.writeHead(204).end());
    expect(await openArtifact(server.url).read()).toHaveLength(0);
  });

  test("a redirect is followed", async () => {
    await using server = await startHttpServer((request, response) => {
      if (request.url === "/moved") response.end(bytes);
      else response.writeHead(302, { location: "/moved" }).end();
    });
    expect(await openArtifact(server.url, { sha256 }).read()).toEqual(bytes);
  });

  test.each([
    [404, "not-found", /^the server answered 404 Not Found; check the URL$/],
    [410, "not-found", /^the server answered 410 Gone; check the URL$/],
    [401, "access-denied", /^the server answered 401 Unauthorized; pass a `fetch`/],
    [403, "access-denied", /^the server answered 403 Forbidden; pass a `fetch`/],
    [500, "server-error", /^the server answered 500 Internal Server Error; try again later/],
    [429, "server-error", /^the server answered 429 Too Many Requests; try again later/],
    [304, "refused", /^the server answered 304 Not Modified; it has to be 200/],
    [206, "refused", /^the server answered 206 Partial Content; it has to be 200/],
  ])("%i is no model", async (status, reason, problem) => {
    await using server = await startHttpServer((_, response) => {
      response.writeHead(status).end(status === 304 ? undefined : "<html>a page of the server's</html>");
    });
    await expect(openArtifact(server.url, { maxRetries: 0 }).read()).rejects.toMatchObject({
      code: "MODEL_LOAD_FAILED",
      location: server.url,
      reason,
      problem: expect.stringMatching(problem),
    });
  });

  test.each([
    ["a content-length", { "content-length": bytes.byteLength }],
    ["chunks", {}],
  ])("a connection with %s that breaks half-way is no short file", async (_, headers) => {
    await using server = await startHttpServer((request, response) => {
      response.writeHead(200, headers).write(half, () => request.socket.destroy());
    });
    await expect(openArtifact(server.url, { maxRetries: 0 }).read()).rejects.toMatchObject({
      code: "MODEL_LOAD_FAILED",
      location: server.url,
      reason: "network",
      cause: expect.any(Error),
    });
  });

  test("nobody listens", async () => {
    const { url } = await startHttpServer(() => {}).then(async (server) => {
      await server[Symbol.asyncDispose]();
      return server;
    });
    await expect(openArtifact(url, { maxRetries: 0 }).read()).rejects.toMatchObject({
      code: "MODEL_LOAD_FAILED",
      problem: expect.stringMatching(/ECONNREFUSED/),
    });
  });

  test("a scheme that fetch does not know", async () => {
    await expect(openArtifact("gopher://host/model.bin").read()).rejects.toMatchObject({
      code: "MODEL_LOAD_FAILED",
      problem: expect.stringMatching(/scheme/),
    });
  });

  test("an endless answer is read up to the declared size, and the connection is closed", async () => {
    await using server = await startHttpServer((_, response) => {
      const writeOn = (): void => void response.write(half, () => setImmediate(writeOn));
      writeOn();
    });
    await expect(openArtifact(server.url, { sizeBytes: bytes.byteLength }).read()).rejects.toMatchObject({
      code: "INTEGRITY_MISMATCH",
      property: "sizeBytes",
      expected: bytes.byteLength,
    });
    await server.disconnected;
  });

  test("an abort in the middle ends the reading and the connection", async () => {
    await using server = await startHttpServer((_, response) => {
      // The rest never comes.
      response.writeHead(200, { "content-length": bytes.byteLength }).write(half);
    });
    const controller = new AbortController();
    const reason = new Error("enough");
    const reading = openArtifact(server.url).read({
      signal: controller.signal,
      onProgress: () => controller.abort(reason),
    });
    await expect(reading).rejects.toMatchObject({ code: "ABORTED", stage: "loading", cause: reason });
    await server.disconnected;
  });

  test("an abort before sends nothing", async () => {
    await using server = await startHttpServer((_, response) => void response.end(bytes));
    const reading = openArtifact(server.url).read({ signal: AbortSignal.abort() });
    await expect(reading).rejects.toMatchObject({ code: "ABORTED" });
    expect(server.requests).toHaveLength(0);
  });
});

/** That each event tells more than the one before, and the last one all. */
function expectGrowing(progress: readonly ReadProgress[], size: number): void {
  const loaded = progress.map(({ loadedBytes }) => loadedBytes);
  expect(loaded).toEqual([...new Set(loaded)].toSorted((a, b) => a - b));
  expect(loaded.at(-1)).toBe(size);
}
