import { execFile, spawn } from "node:child_process";
import { open, stat } from "node:fs/promises";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { MlopsError } from "../errors/mlops-error.ts";
import { memoryCache } from "../testing/memory-cache.ts";
import { folderCache } from "./cache/folder-cache.ts";
import type { ArtifactCache } from "./cache/artifact-cache.ts";
import { type Fault, noise, sha256Of, startFaultyServer } from "./faulty-server.fixtures.ts";
import { startHttpServer } from "./http-server.fixtures.ts";
import { openArtifact } from "./open-artifact.ts";
import { makeTemporaryFolder } from "./temporary-folder.fixtures.ts";

const bytes = noise(300_000);
const other = noise(290_000, 2);
const sha256 = sha256Of(bytes);
const versions = [
  { bytes, etag: '"one"' },
  { bytes: other, etag: '"two"' },
];
const atOnce = { retryDelayMs: 0 };

describe("a file with a declared hash", () => {
  test("is fetched once, and then is there without a network", async () => {
    await using folder = await makeTemporaryFolder();
    const server = await startFaultyServer(versions, []);
    const read = (): Promise<Uint8Array> =>
      openArtifact(server.url, { sha256, cache: folderCache({ folder: folder.path }) }).read();
    expect(await read()).toEqual(bytes);
    expect(await read()).toEqual(bytes);
    expect(server.requests).toHaveLength(1);
    await server[Symbol.asyncDispose]();
    expect(await read()).toEqual(bytes);
  });

  test("is found under another URL too", async () => {
    await using server = await startFaultyServer(versions, []);
    const cache = memoryCache();
    await openArtifact(`${server.url}a`, { sha256, cache }).read();
    await openArtifact(`${server.url}b`, { sha256: sha256.toUpperCase(), cache }).read();
    expect(server.requests).toHaveLength(1);
  });

  test("is gone on with by a later run", async () => {
    await using folder = await makeTemporaryFolder();
    await using server = await startFaultyServer(versions, [{ breakAfter: 100_000 }]);
    const options = { sha256, cache: folderCache({ folder: folder.path }) };
    await expect(openArtifact(server.url, { ...options, maxRetries: 0 }).read()).rejects.toMatchObject({
      reason: "network",
    });
    expect(await openArtifact(server.url, options).read()).toEqual(bytes);
    expect(server.requests.map(({ headers }) => headers.range)).toEqual([
      undefined,
      // What has come but was not read yet when a connection breaks is lost.
      expect.stringMatching(/^bytes=[1-9]\d*-$/),
    ]);
    expect(await folder.names()).toEqual([`sha256-${sha256}.entry`]);
  });

  test("is gone on with after an abort, even if nothing was missing", async () => {
    await using server = await startFaultyServer([{ bytes }], []);
    const cache = memoryCache();
    const writer = await cache.write(`sha256-${sha256}`, {});
    await writer.append(bytes);
    await writer.close();
    expect(await openArtifact(server.url, { sha256, cache }).read()).toEqual(bytes);
    expect(server.requests.map(({ headers }) => headers.range)).toEqual(["bytes=300000-"]);
  });

  test("is fetched anew where the beginning turns out to be another file's", async () => {
    await using server = await startFaultyServer([{ bytes }], []);
    const cache = memoryCache();
    const writer = await cache.write(`sha256-${sha256}`, {});
    await writer.append(other.subarray(0, 1000));
    await writer.close();
    expect(await openArtifact(server.url, { sha256, cache }).read()).toEqual(bytes);
    expect(server.requests.map(({ headers }) => headers.range)).toEqual(["bytes=1000-", undefined]);
  });

  test("that the server does not have is not kept", async () => {
    await using folder = await makeTemporaryFolder();
    await using server = await startFaultyServer([{ bytes: other }], []);
    const cache = folderCache({ folder: folder.path });
    await expect(openArtifact(server.url, { sha256, cache }).read()).rejects.toMatchObject({
      code: "INTEGRITY_MISMATCH",
      property: "sha256",
      location: server.url,
    });
    expect(await folder.names()).toEqual([]);
  });

  test("that is damaged in the cache is fetched again, with a warning", async () => {
    await using folder = await makeTemporaryFolder();
    await using server = await startFaultyServer(versions, []);
    const warnings: string[] = [];
    const artifact = openArtifact(server.url, {
      sha256,
      cache: folderCache({ folder: folder.path }),
      onWarning: ({ message }) => warnings.push(message),
    });
    await artifact.read();
    const file = await open(`${folder.path}/sha256-${sha256}.entry`, "r+");
    await file.write(Uint8Array.of(bytes[5000]! ^ 1), 0, 1, 5000);
    await file.close();
    expect(await artifact.read()).toEqual(bytes);
    expect(await artifact.read()).toEqual(bytes);
    expect(server.requests).toHaveLength(2);
    expect(warnings).toEqual([
      expect.stringMatching(/^The cached copy of http.* is damaged, and fetched again/),
    ]);
  });

  test("an HTML page in its place leaves nothing behind", async () => {
    await using folder = await makeTemporaryFolder();
    await using server = await startHttpServer((_, response) => void response.end("<html>".repeat(200)));
    const cache = folderCache({ folder: folder.path });
    for (const declared of [{}, { sha256 }]) {
      await expect(openArtifact(server.url, { ...declared, cache }).read()).rejects.toMatchObject({
        reason: "html-page",
      });
    }
    expect(await folder.names()).toEqual([]);
  });
});

describe("a file without one", () => {
  test("is fetched when it has changed, and only then", async () => {
    await using server = await startFaultyServer(versions, [{}, {}, { version: 1 }]);
    const artifact = openArtifact(server.url, { cache: memoryCache() });
    for (const expected of [bytes, bytes, other, other]) expect(await artifact.read()).toEqual(expected);
    expect(server.requests.map(({ headers }) => headers["if-none-match"])).toEqual([
      undefined,
      '"one"',
      '"one"',
      '"two"',
    ]);
  });

  test("is there without a network, with a warning", async () => {
    const server = await startFaultyServer(versions, []);
    const warnings: string[] = [];
    const artifact = openArtifact(server.url, {
      cache: memoryCache(),
      maxRetries: 0,
      onWarning: ({ message }) => warnings.push(message),
    });
    await artifact.read();
    await server[Symbol.asyncDispose]();
    expect(await artifact.read()).toEqual(bytes);
    expect(warnings).toEqual([expect.stringMatching(/is used as it is: .*ECONNREFUSED/)]);
  });

  test.each([404, 401])("is not taken from the cache when the server answers %i", async (status) => {
    await using server = await startFaultyServer(versions, [{}, { status }]);
    const artifact = openArtifact(server.url, { cache: memoryCache() });
    await artifact.read();
    await expect(artifact.read()).rejects.toMatchObject({ code: "MODEL_LOAD_FAILED" });
  });

  test("leaves no beginning behind, which could be another version's", async () => {
    await using folder = await makeTemporaryFolder();
    await using server = await startFaultyServer(versions, [{ breakAfter: 100_000 }]);
    const options = { cache: folderCache({ folder: folder.path }), maxRetries: 0 };
    await expect(openArtifact(server.url, options).read()).rejects.toMatchObject({ reason: "network" });
    expect(await folder.names()).toEqual([]);
  });

  test("that is damaged in the cache is fetched again", async () => {
    await using folder = await makeTemporaryFolder();
    await using server = await startFaultyServer(versions, []);
    const artifact = openArtifact(server.url, { cache: folderCache({ folder: folder.path }) });
    await artifact.read();
    const [name] = await folder.names();
    const file = await open(`${folder.path}/${name}`, "r+");
    await file.write(Uint8Array.of(bytes[0]! ^ 1), 0, 1, 0);
    await file.close();
    expect(await artifact.read()).toEqual(bytes);
    expect(server.requests.map(({ headers }) => headers["if-none-match"])).toEqual([
      undefined,
      '"one"',
      undefined,
    ]);
  });
});

describe("a cache that fails", () => {
  const failing = (inner: ArtifactCache, at: string): ArtifactCache => {
    const fail = async (): Promise<never> => {
      throw new Error(`the disk is full at ${at}`);
    };
    return {
      open: at === "open" ? fail : (key) => inner.open(key),
      delete: (key) => inner.delete(key),
      async write(key, options) {
        if (at === "write") return fail();
        const writer = await inner.write(key, options);
        return {
          partial: writer.partial,
          append: at === "append" ? fail : (chunk) => writer.append(chunk),
          discard: at === "discard" ? fail : () => writer.discard(),
          commit: at === "commit" ? fail : (info) => writer.commit(info),
          close: at === "close" ? fail : () => writer.close(),
        };
      },
    };
  };

  test.each(["open", "write", "append", "discard", "commit", "close"])(
    "at %s costs a warning, and no load",
    async (at) => {
      await using server = await startFaultyServer(versions, []);
      for (const declared of [{}, { sha256 }]) {
        const warnings: string[] = [];
        const artifact = openArtifact(server.url, {
          ...declared,
          cache: failing(memoryCache(), at),
          onWarning: ({ message }) => warnings.push(message),
        });
        expect(await artifact.read()).toEqual(bytes);
        // Nothing has to be discarded of a file that goes by its hash.
        const isUsed = at !== "discard" || !("sha256" in declared);
        const told = warnings.map((message) => message.includes(`is not cached: the disk is full at ${at}`));
        expect(new Set(told)).toEqual(new Set(isUsed ? [true] : []));
      }
    },
  );

  test("because its folder cannot be made", async () => {
    await using folder = await makeTemporaryFolder();
    const file = await folder.write("file", "");
    await using server = await startFaultyServer(versions, []);
    const cache = folderCache({ folder: `${file}/sub` });
    expect(await openArtifact(server.url, { sha256, cache }).read()).toEqual(bytes);
  });
});

test("one waits for the other, and takes what it has fetched", async () => {
  await using folder = await makeTemporaryFolder();
  await using server = await startFaultyServer(versions, []);
  const read = (): Promise<Uint8Array> =>
    openArtifact(server.url, { sha256, cache: folderCache({ folder: folder.path }) }).read();
  const all = await Promise.all(Array.from({ length: 6 }, read));
  for (const one of all) expect(one).toEqual(bytes);
  expect(server.requests).toHaveLength(1);
});

test("the waiting for another can be aborted", async () => {
  await using server = await startFaultyServer(versions, []);
  const cache = memoryCache();
  const writer = await cache.write(`sha256-${sha256}`, {});
  const controller = new AbortController();
  const reading = openArtifact(server.url, { sha256, cache }).read({ signal: controller.signal });
  setTimeout(() => controller.abort("enough"), 10);
  await expect(reading).rejects.toMatchObject({ code: "ABORTED", cause: "enough" });
  await writer.close();
  expect(server.requests).toHaveLength(0);
});

test("whatever a server does, several runs with one cache end in the right bytes or a typed error", async () => {
  const [small, changed] = [noise(3_000), noise(2_000, 2)];
  const fault: fc.Arbitrary<Fault> = fc.record(
    {
      breakAfter: fc.integer({ min: 0, max: 3_000 }),
      ignoresRange: fc.boolean(),
      ignoresIfRange: fc.boolean(),
      gzip: fc.boolean(),
      version: fc.constantFrom(0, 1),
    },
    { requiredKeys: [] },
  );
  const etags = fc.constantFrom<[string?, string?]>(['"a"', '"b"'], []);
  let successes = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fault, { maxLength: 10 }),
      etags,
      fc.boolean(),
      async (faults, [first, second], isDeclared) => {
        const files = [
          { bytes: small, etag: first },
          { bytes: changed, etag: second },
        ];
        await using server = await startFaultyServer(files, faults);
        const cache = memoryCache();
        const declared = isDeclared ? { sha256: sha256Of(small) } : {};
        const allowed = (isDeclared ? [small] : [small, changed]).map(sha256Of);
        for (let run = 0; run < 3; run += 1) {
          const result: unknown = await openArtifact(server.url, {
            ...declared,
            cache,
            ...atOnce,
            maxRetries: 1,
          })
            .read()
            .catch((error: unknown) => error);
          const isTyped = MlopsError.isInstance(result);
          if (!isTyped) successes += 1;
          expect(isTyped || allowed.includes(sha256Of(result as Uint8Array))).toBe(true);
        }
      },
    ),
    { numRuns: 80, seed: 7 },
  );
  expect(successes).toBeGreaterThan(100);
});

describe("real processes", () => {
  const program = fileURLToPath(new URL("read-artifact.fixtures.ts", import.meta.url));
  const start = (url: string, folder: string): string[] => [
    "--conditions=@mlops/source",
    program,
    url,
    folder,
    sha256,
  ];

  test("many at once fetch a file once", async () => {
    await using folder = await makeTemporaryFolder();
    await using server = await startFaultyServer(versions, []);
    const run = promisify(execFile);
    const outputs = await Promise.all(
      Array.from({ length: 4 }, () => run(process.execPath, start(server.url, folder.path))),
    );
    expect(outputs.map(({ stdout }) => stdout.trim())).toEqual(Array(4).fill(sha256));
    expect(outputs.map(({ stderr }) => stderr)).toEqual(Array(4).fill(""));
    expect(server.requests).toHaveLength(1);
    expect(await folder.names()).toEqual([`sha256-${sha256}.entry`]);
  });

  test("one that is killed in the middle leaves a beginning, and holds nobody up", async () => {
    await using folder = await makeTemporaryFolder();
    let isFirst = true;
    await using server = await startHttpServer((request, response) => {
      const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
      if (!isFirst) {
        const range = `bytes ${from}-${bytes.byteLength - 1}/${bytes.byteLength}`;
        return void response.writeHead(206, { "content-range": range }).end(bytes.subarray(from));
      }
      isFirst = false;
      // The rest never comes.
      response.writeHead(200, { "content-length": bytes.byteLength }).write(bytes.subarray(0, 100_000));
    });
    const victim = spawn(process.execPath, start(server.url, folder.path), { stdio: "ignore" });
    const exited = once(victim, "exit");
    await untilWritten(folder.path, 100_000, () => folder.names());
    expect((await folder.names()).some((name) => name.endsWith(".lock"))).toBe(true);
    victim.kill("SIGKILL");
    expect(await exited).toEqual([null, "SIGKILL"]);

    const { stdout } = await promisify(execFile)(process.execPath, start(server.url, folder.path));
    expect(stdout.trim()).toBe(sha256);
    expect(server.requests.map(({ headers }) => headers.range)).toEqual([undefined, "bytes=100000-"]);
    expect(await folder.names()).toEqual([`sha256-${sha256}.entry`]);
  });
});

/** Waits until the partial file in the folder has so many bytes. */
async function untilWritten(folder: string, size: number, names: () => Promise<string[]>): Promise<void> {
  for (;;) {
    const part = (await names()).find((name) => name.endsWith(".part"));
    if (part !== undefined && (await stat(`${folder}/${part}`)).size >= size) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
