import { createServer } from "node:http";
import { type AddressInfo, createServer as createSocketServer, type Socket } from "node:net";
import { gzipSync } from "node:zlib";

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { FakeEnvironment } from "../testing/fake-environment.ts";
import { MlopsError } from "../errors/mlops-error.ts";
import type { ReadProgress } from "./artifact.ts";
import { type Fault, noise, sha256Of, startFaultyServer } from "./faulty-server.fixtures.ts";
import { startHttpServer } from "./http-server.fixtures.ts";
import { openArtifact } from "./open-artifact.ts";

const bytes = noise(300_000);
const other = noise(290_000, 2);
const sha256 = sha256Of(bytes);
const versions = [
  { bytes, etag: '"one"' },
  { bytes: other, etag: '"two"' },
];
// What has come but was not read yet when a connection breaks is lost, so that it may be less than was sent.
const someRange: unknown = expect.stringMatching(/^bytes=[1-9]\d*-$/);
const atOnce = { retryDelayMs: 0 };

describe("a connection that breaks", () => {
  test("is taken up where it broke off, if the ETag is the same", async () => {
    await using server = await startFaultyServer(versions, [{ breakAfter: 100_000 }, { breakAfter: 50_000 }]);
    const progress: ReadProgress[] = [];
    const read = await openArtifact(server.url, atOnce).read({ onProgress: (event) => progress.push(event) });
    expect(read).toEqual(bytes);
    expect(server.requests.map(({ headers }) => [headers.range, headers["if-range"]])).toEqual([
      [undefined, undefined],
      [someRange, '"one"'],
      [someRange, '"one"'],
    ]);
    expect(progress.at(-1)).toEqual({ loadedBytes: 300_000, totalBytes: 300_000 });
    expect(progress.every(({ totalBytes }) => totalBytes === 300_000)).toBe(true);
  });

  test("begins anew where the file has changed meanwhile", async () => {
    await using server = await startFaultyServer(versions, [{ breakAfter: 100_000 }, { version: 1 }]);
    expect(await openArtifact(server.url, atOnce).read()).toEqual(other);
    expect(server.requests).toHaveLength(2);
  });

  test("begins anew where the file has changed, and the server looks at no If-Range", async () => {
    const faults = [{ breakAfter: 100_000 }, { version: 1, ignoresIfRange: true }];
    await using server = await startFaultyServer(versions, faults);
    expect(await openArtifact(server.url, atOnce).read()).toEqual(other);
    expect(server.requests.map(({ headers }) => headers.range)).toEqual([undefined, someRange, undefined]);
  });

  test("begins anew where the server ignores ranges", async () => {
    await using server = await startFaultyServer(versions, [{ breakAfter: 100_000 }, { ignoresRange: true }]);
    expect(await openArtifact(server.url, atOnce).read()).toEqual(bytes);
  });

  test.each([
    ["without an ETag", undefined],
    ["with a weak ETag, which means about the same", 'W/"one"'],
  ])("%s is continued only for a declared hash", async (_, etag) => {
    for (const [declared, range] of [
      [{}, undefined],
      [{ sha256 }, someRange],
    ] as const) {
      await using server = await startFaultyServer([{ bytes, etag }], [{ breakAfter: 100_000 }]);
      expect(await openArtifact(server.url, { ...declared, ...atOnce }).read()).toEqual(bytes);
      expect(server.requests[1]?.headers.range).toEqual(range);
    }
  });

  test("of which the parts do not make the declared file is read once more as a whole", async () => {
    const files = [{ bytes: other }, { bytes }];
    await using server = await startFaultyServer(files, [{ breakAfter: 100_000 }, { version: 1 }]);
    expect(await openArtifact(server.url, { sha256, ...atOnce }).read()).toEqual(bytes);
    expect(server.requests.map(({ headers }) => headers.range)).toEqual([undefined, someRange, undefined]);
  });

  test("compressed begins anew, as parts of what is compressed mean nothing", async () => {
    await using server = await startFaultyServer(versions, [{ gzip: true, breakAfter: 100_000 }]);
    expect(await openArtifact(server.url, { sha256, ...atOnce }).read()).toEqual(bytes);
    expect(server.requests.map(({ headers }) => headers.range)).toEqual([undefined, undefined]);
  });

  test("is given up after as many attempts as allowed, and says so", async () => {
    const faults = Array<Fault>(10).fill({ breakAfter: 10 });
    await using server = await startFaultyServer(versions, faults);
    await expect(openArtifact(server.url, { ...atOnce, maxRetries: 2 }).read()).rejects.toMatchObject({
      code: "MODEL_LOAD_FAILED",
      reason: "network",
      problem: expect.stringMatching(/\(in 3 attempts\)$/),
    });
    expect(server.requests).toHaveLength(3);
  });

  test("may break any number of times, as long as it comes a MiB further each time", async () => {
    const large = noise(5 * 2 ** 20);
    const faults = Array<Fault>(4).fill({ breakAfter: 2 ** 20 });
    await using server = await startFaultyServer([{ bytes: large, etag: '"large"' }], faults);
    const read = await openArtifact(server.url, { ...atOnce, maxRetries: 1 }).read();
    expect(sha256Of(read)).toBe(sha256Of(large));
  });

  test("without end, between two versions, is given up all the same", async () => {
    const large = noise(3 * 2 ** 20);
    const files = [
      { bytes: large, etag: '"a"' },
      { bytes: large, etag: '"b"' },
    ];
    const faults = Array.from({ length: 50 }, (_, index) => ({
      version: index % 2,
      breakAfter: 2 * 2 ** 20,
    }));
    await using server = await startFaultyServer(files, faults);
    await expect(openArtifact(server.url, { ...atOnce, maxRetries: 3 }).read()).rejects.toMatchObject({
      reason: "network",
    });
    expect(server.requests.length).toBeLessThan(6);
  });

  test("that stands still counts as broken", async () => {
    const environment = new FakeEnvironment();
    let isFirst = true;
    await using server = await startHttpServer((_, response) => {
      response.setHeader("etag", '"one"').setHeader("content-length", bytes.byteLength);
      if (!isFirst) return void response.end(bytes);
      isFirst = false;
      response.write(bytes.subarray(0, 1000));
    });
    let isAdvanced = false;
    const reading = openArtifact(server.url, { environment, stallTimeoutMs: 1000, retryDelayMs: 0 }).read({
      onProgress() {
        if (!isAdvanced) setTimeout(() => environment.advance(1000));
        isAdvanced = true;
      },
    });
    // The wait for the next attempt is over at once.
    const tick = setInterval(() => environment.advance(0), 5);
    expect(await reading).toEqual(bytes);
    clearInterval(tick);
    expect(server.requests).toHaveLength(2);
  });
});

describe("waiting", () => {
  test("grows, is drawn from its second half, and follows Retry-After", async () => {
    const waits: number[] = [];
    const environment = new FakeEnvironment();
    const recording = Object.assign(Object.create(environment) as FakeEnvironment, {
      setTimer(callback: () => void, delayMs: number) {
        if (delayMs === 30_000) return () => {};
        waits.push(delayMs);
        queueMicrotask(callback);
        return () => {};
      },
    });
    let count = 0;
    await using server = await startHttpServer((_, response) => {
      count += 1;
      if (count > 4) response.end(bytes);
      else response.writeHead(503, count === 4 ? { "retry-after": "7" } : {}).end();
    });
    const options = { environment: recording, random: () => 0.5 };
    expect(await openArtifact(server.url, options).read()).toEqual(bytes);
    expect(waits).toEqual([375, 750, 1500, 7000]);
  });

  test("ends at once when it is aborted", async () => {
    await using server = await startFaultyServer(versions, Array<Fault>(9).fill({ status: 503 }));
    const controller = new AbortController();
    const reason = new Error("enough");
    const environment = Object.assign(Object.create(new FakeEnvironment()) as FakeEnvironment, {
      setTimer(_: () => void, delayMs: number) {
        if (delayMs !== 30_000) queueMicrotask(() => controller.abort(reason));
        return () => {};
      },
    });
    const reading = openArtifact(server.url, { environment }).read({ signal: controller.signal });
    await expect(reading).rejects.toMatchObject({ code: "ABORTED", stage: "loading", cause: reason });
    expect(server.requests).toHaveLength(1);
  });
});

describe("a server that lies", () => {
  test("about its length, too long, is told to have cut the file short", async () => {
    // A stand-in for `fetch`, as a real one refuses such an answer by itself.
    const fetch = async (): Promise<Response> =>
      new Response("short", { headers: { "content-length": "900" } });
    const reading = openArtifact("http://host/m.onnx", { fetch, maxRetries: 1, ...atOnce }).read();
    await expect(reading).rejects.toMatchObject({
      code: "MODEL_LOAD_FAILED",
      reason: "truncated",
      problem: expect.stringMatching(/declared 900 bytes and sent 5; .*\(in 2 attempts\)/),
    });
  });

  test("about its length over the wire never gives a short file", async () => {
    await using server = await startFaultyServer(versions, Array<Fault>(9).fill({ lengthError: 10 }));
    const reading = openArtifact(server.url, { maxRetries: 2, ...atOnce }).read();
    await expect(reading).rejects.toMatchObject({ code: "MODEL_LOAD_FAILED", reason: "network" });
  });

  test("about being HTTP at all", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    server.removeAllListeners("connection");
    server.on("connection", (socket: Socket) => socket.end("hello\r\n"));
    const reading = openArtifact(`http://127.0.0.1:${port}/`, { maxRetries: 0 }).read();
    await expect(reading).rejects.toMatchObject({ code: "MODEL_LOAD_FAILED", reason: "network" });
    server.close();
  });

  test("and sends without end is read up to maxBytes", async () => {
    await using server = await startHttpServer((_, response) => {
      const writeOn = (): void => void response.write(bytes, () => setImmediate(writeOn));
      writeOn();
    });
    await expect(openArtifact(server.url, { maxBytes: 1_000_000 }).read()).rejects.toMatchObject({
      code: "MODEL_LOAD_FAILED",
      reason: "too-large",
      problem: expect.stringContaining("`maxBytes` is 1000000"),
    });
    await server.disconnected;
  });

  test("and announces more than maxBytes is not read at all", async () => {
    const length = 2 ** 45;
    await using server = await startHttpServer((_, response) => {
      response.writeHead(200, { "content-length": length }).write(bytes);
    });
    await expect(openArtifact(server.url).read()).rejects.toMatchObject({
      reason: "too-large",
      problem: expect.stringContaining(String(length)),
    });
  });
});

describe("an HTML page in the place of a model", () => {
  const page = "<!doctype html><title>Log in</title>";
  test.each([
    ["by its doctype", page, "application/octet-stream"],
    ["in capitals, after a blank line", `\r\n${page.toUpperCase()}`, undefined],
    ["after a byte order mark", `\u{feff}${page}`, undefined],
    ["by its tag", '<html lang="en"></html>', undefined],
    ["by its type", "<p>Not found</p>", "text/html; charset=utf-8"],
    ["by its type, after a comment", "<!-- 1 --><body>", "text/html"],
    ["that is long", page + "<p>x</p>".repeat(100_000), "text/html"],
  ])("is known %s", async (_, body, type) => {
    await using server = await startHttpServer((_request, response) => {
      if (type !== undefined) response.setHeader("content-type", type);
      response.end(body);
    });
    for (const declared of [{}, { sha256 }, { sizeBytes: 20 }, { sizeBytes: 300_000 }]) {
      await expect(openArtifact(server.url, declared).read()).rejects.toMatchObject({
        code: "MODEL_LOAD_FAILED",
        reason: "html-page",
        location: server.url,
        problem: expect.stringMatching(/HTML page where a model file was expected.*check the URL/),
      });
    }
  });

  test.each<[kind: string, body: Uint8Array, type: string]>([
    ["a model under a wrong type", bytes, "text/html"],
    ["an XML model", Buffer.from("<?xml version='1.0'?><PMML/>"), "application/xml"],
    ["a file that names HTML later", Buffer.from("{}<!doctype html>"), "text/plain"],
    ["an empty file", new Uint8Array(), "text/html"],
  ])("is not %s", async (_, body, type) => {
    await using server = await startHttpServer((_request, response) => {
      response.setHeader("content-type", type).end(body);
    });
    expect(await openArtifact(server.url).read()).toEqual(new Uint8Array(body));
  });
});

test("what a server says in its status line brings no control characters into a message", async () => {
  const server = createSocketServer((socket) => {
    const line = `HTTP/1.1 404 Not \u001b[31m\u0007\u009bFound${"!".repeat(1000)}\r\n\r\n`;
    socket.on("data", () => socket.end(line, "latin1")).on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const reading = openArtifact(`http://127.0.0.1:${port}/m.onnx`).read();
  await expect(reading).rejects.toMatchObject({
    reason: "not-found",
    problem: expect.stringMatching(/^[ -~]{10,200}$/),
  });
  await new Promise((resolve) => server.close(resolve));
});

describe("credentials", () => {
  const secret = "s3cr%C3%A9t";

  test("in a URL are sent as a header", async () => {
    await using server = await startHttpServer((_, response) => void response.end(bytes));
    const url = new URL(server.url);
    url.username = "me";
    url.password = secret;
    expect(await openArtifact(url).read()).toEqual(bytes);
    const { authorization = "" } = server.requests[0]!.headers;
    expect(Buffer.from(authorization.replace("Basic ", ""), "base64").toString()).toBe("me:s3crét");
  });

  test("are in no message, wherever they are in the URL", async () => {
    await using server = await startHttpServer((_, response) => void response.writeHead(403).end());
    const host = new URL(server.url).host;
    const page = "data:text/html,<html>" + secret;
    for (const url of [
      `http://me:${secret}@${host}/m.onnx?signature=${secret}#${secret}`,
      new URL(`http://me:${secret}@127.0.0.1:1/m.onnx?x=${secret}`),
      `http://me:${secret}@/`,
      `http://me:${secret}@[/m?${secret}`,
      `gopher://me:${secret}@host/?${secret}`,
      page,
    ]) {
      const artifact = openArtifact(url, { maxRetries: 0 });
      const error: unknown = await artifact.read().catch((cause: unknown) => cause);
      if (!MlopsError.isInstance(error)) throw new Error("it has to be a typed error", { cause: error });
      const { message, stack, cause } = error;
      const inside = cause instanceof Error ? [cause.message, cause.stack, String(cause.cause)] : [];
      const fields = JSON.stringify(Object.entries(error));
      expect([artifact.location, message, stack, fields, ...inside].join("\n")).not.toMatch(/s3cr|me:/);
    }
  });

  test("are in no message of a file beside", () => {
    const artifact = openArtifact(`https://me:${secret}@host/a/m.onnx?${secret}`);
    expect(artifact.location).toBe("https://host/a/m.onnx?…");
    expect(artifact.sibling("weights.bin").location).toBe("https://host/a/weights.bin");
    expect(() => artifact.sibling("../x")).toThrow(/at https:\/\/host\/a\/m.onnx\?… could/);
  });
});

describe("options", () => {
  test.each([
    ["maxBytes", -1],
    ["maxBytes", Number.NaN],
    ["maxRetries", 1.5],
    ["maxRetries", -1],
    ["retryDelayMs", -1],
    ["stallTimeoutMs", 0],
    ["maxBytes", "1"],
  ])("%s of %o is refused when it is given", (option, value) => {
    expect(() => openArtifact("m.onnx", { [option]: value })).toThrow(
      expect.objectContaining({ code: "INVALID_OPTIONS", option }),
    );
  });

  test.each(["https:", "HTTPS:"])("an %s URL that is redirected to http is refused", async (scheme) => {
    const fetch = async (): Promise<Response> =>
      Object.defineProperty(new Response("model"), "url", { value: "http://host/m" });
    await expect(openArtifact(`${scheme}//host/m`, { fetch }).read()).rejects.toMatchObject({
      reason: "refused",
      problem: expect.stringMatching(/from https to http/),
    });
  });

  test("a fetch that throws at once is a failed request", async () => {
    const fetch = (): never => {
      throw new Error("no route");
    };
    const reading = openArtifact("https://host/m", { fetch, maxRetries: 0 }).read();
    await expect(reading).rejects.toMatchObject({ reason: "network", problem: "no route" });
  });
});

test("whatever a server does to a download, it ends in the right bytes or a typed error", async () => {
  const [small, changed] = [noise(5_000), noise(4_000, 2)];
  const fault = fc.record(
    {
      breakAfter: fc.integer({ min: 0, max: 5_000 }),
      status: fc.constantFrom(404, 416, 500, 503, 304, 206, 204),
      ignoresRange: fc.boolean(),
      ignoresIfRange: fc.boolean(),
      lengthError: fc.constantFrom(3, 1000),
      gzip: fc.boolean(),
      chunked: fc.boolean(),
      version: fc.constantFrom(0, 1),
    },
    { requiredKeys: [] },
  );
  // A status ends the sequence more often than not, so most faults have none.
  const anyFault: fc.Arbitrary<Fault> = fault;
  const withoutStatus = anyFault.map((one): Fault => ({ ...one, status: undefined }));
  const faults = fc.array(fc.oneof({ weight: 4, arbitrary: withoutStatus }, anyFault), { maxLength: 6 });
  const etags = fc.constantFrom<[string?, string?]>(['"a"', '"b"'], ['W/"a"', 'W/"b"'], []);
  let successes = 0;
  await fc.assert(
    fc.asyncProperty(faults, etags, fc.boolean(), async (sequence, [first, second], isDeclared) => {
      const files = [
        { bytes: small, etag: first },
        { bytes: changed, etag: second },
      ];
      await using server = await startFaultyServer(files, sequence);
      const declared = isDeclared ? { sha256: sha256Of(small) } : {};
      const result: unknown = await openArtifact(server.url, { ...declared, ...atOnce, maxRetries: 4 })
        .read()
        .catch((error: unknown) => error);
      const isTyped = MlopsError.isInstance(result);
      const isExpectedError = isTyped && ["MODEL_LOAD_FAILED", "INTEGRITY_MISMATCH"].includes(result.code);
      if (!isTyped) successes += 1;
      // A server that answers 204 says that the file is empty.
      const isEmptied = sequence.some(({ status }) => status === 204) && !isDeclared;
      const allowed: Uint8Array[] = [
        small,
        ...(isDeclared ? [] : [changed]),
        ...(isEmptied ? [new Uint8Array()] : []),
      ];
      const isRight = !isTyped && allowed.map(sha256Of).includes(sha256Of(result as Uint8Array));
      expect(isExpectedError || isRight).toBe(true);
    }),
    { numRuns: 150, seed: 6 },
  );
  expect(successes).toBeGreaterThan(60);
});

test("gzip on the fly gives the file's own bytes, declared or not", async () => {
  const compressed = gzipSync(bytes);
  await using server = await startHttpServer((request, response) => {
    if (request.headers["accept-encoding"] === "identity") response.setHeader("x-asked", "identity");
    response
      .writeHead(200, { "content-encoding": "gzip", "content-length": compressed.byteLength })
      .end(compressed);
  });
  expect(await openArtifact(server.url).read()).toEqual(bytes);
  expect(server.requests[0]?.headers["accept-encoding"]).toBe("identity");
});
