import { createHash } from "node:crypto";
import { open, truncate } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Artifact, ArtifactSource } from "./artifact.ts";
import { openArtifact } from "./open-artifact.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "./temporary-folder.fixtures.ts";

const bytes = Uint8Array.from({ length: 1000 }, (_, index) => (index * 31) % 256);
const sha256 = createHash("sha256").update(bytes).digest("hex");
const base64 = Buffer.from(bytes).toString("base64");

let folder: TemporaryFolder;
let path: string;
beforeAll(async () => {
  folder = await makeTemporaryFolder();
  path = await folder.write("sub/model größe.bin", bytes);
});
afterAll(() => folder[Symbol.asyncDispose]());

/** The same bytes by every way that needs no server. */
const sources: readonly [kind: string, source: () => ArtifactSource][] = [
  ["a path", () => path],
  ["a file: URL", () => pathToFileURL(path)],
  ["a file: URL as text", () => pathToFileURL(path).href],
  ["a FILE: URL as text", () => pathToFileURL(path).href.replace("file", "FILE")],
  ["a data: URL", () => new URL(`data:application/octet-stream;base64,${base64}`)],
  ["a data: URL as text", () => `data:application/octet-stream;base64,${base64}`],
  ["bytes", () => bytes],
  ["a Buffer", () => Buffer.from(bytes)],
  ["an artifact", () => openArtifact(path)],
];

describe.each(sources)("openArtifact() of %s", (_, source) => {
  test("reads the bytes, as often as asked", async () => {
    const artifact = openArtifact(source());
    expect(new Uint8Array(await artifact.read())).toEqual(bytes);
    expect(new Uint8Array(await artifact.read())).toEqual(bytes);
  });

  test("passes the declared hash and size, in capitals too", async () => {
    for (const hash of [sha256, sha256.toUpperCase()]) {
      const artifact = openArtifact(source(), { sha256: hash, sizeBytes: 1000 });
      expect((await artifact.read()).byteLength).toBe(1000);
    }
  });

  test("refuses another hash", async () => {
    const expected = "0".repeat(64);
    await expect(openArtifact(source(), { sha256: expected }).read()).rejects.toMatchObject({
      code: "INTEGRITY_MISMATCH",
      property: "sha256",
      expected,
      actual: sha256,
    });
  });

  test.each([999, 1001, 0])("refuses a declared size of %i", async (sizeBytes) => {
    await expect(openArtifact(source(), { sizeBytes }).read()).rejects.toMatchObject({
      code: "INTEGRITY_MISMATCH",
      property: "sizeBytes",
      expected: sizeBytes,
      // What comes through fetch is not read to its end.
      actual: expect.toSatisfy((actual) => actual === 1000 || actual === "at least 1000"),
    });
  });

  test("tells of its progress, to the end", async () => {
    const progress: { loadedBytes: number }[] = [];
    await openArtifact(source()).read({ onProgress: (event) => progress.push(event) });
    expect(progress.at(-1)).toMatchObject({ loadedBytes: 1000 });
  });

  test("is stopped by a signal that was aborted before", async () => {
    const reason = new Error("no more");
    await expect(openArtifact(source()).read({ signal: AbortSignal.abort(reason) })).rejects.toMatchObject({
      code: "ABORTED",
      stage: "loading",
      cause: reason,
    });
  });
});

test("any one flipped bit is found", async () => {
  for (const [byte, bit] of [
    [0, 0],
    [499, 3],
    [999, 7],
  ] as const) {
    const damaged = bytes.slice();
    damaged[byte]! ^= 1 << bit;
    const file = await folder.write("flipped.bin", damaged);
    const declared = { sha256, sizeBytes: 1000 };
    for (const source of [damaged, file]) {
      const reading = openArtifact(source, declared).read();
      await expect(reading).rejects.toMatchObject({ code: "INTEGRITY_MISMATCH", property: "sha256" });
    }
  }
});

test("bytes in shared memory are hashed too", async () => {
  const shared = new Uint8Array(new SharedArrayBuffer(1000));
  shared.set(bytes);
  expect(await openArtifact(shared, { sha256 }).read()).toBe(shared);
});

describe("a file", () => {
  test.each([
    ["that is missing", "missing.bin", "there is no such file"],
    ["that is a folder", "sub", "it is a folder, not a file"],
    ["whose path goes through a file", "sub/model größe.bin/x", /ENOTDIR/],
    ["whose name has a NUL", "a\0b", /null bytes/],
  ])("%s", async (_, name, problem) => {
    const location = `${folder.path}/${name}`;
    await expect(openArtifact(location).read()).rejects.toMatchObject({
      code: "MODEL_LOAD_FAILED",
      location,
      problem: expect.stringMatching(problem),
      cause: expect.any(Error),
    });
  });

  test("that is empty has no bytes", async () => {
    expect(await openArtifact(await folder.write("empty.bin", "")).read()).toHaveLength(0);
  });

  test("that is larger than declared is not read", async () => {
    const file = join(folder.path, "large.bin");
    await (await open(file, "w")).close();
    // A hole of 1 TiB: to read it would fail for want of memory.
    await truncate(file, 2 ** 40);
    await expect(openArtifact(file, { sizeBytes: 1000 }).read()).rejects.toMatchObject({
      code: "INTEGRITY_MISMATCH",
      actual: 2 ** 40,
    });
  });

  test("of several chunks reports each, growing, up to the whole", async () => {
    const size = 9 * 2 ** 20;
    const file = await folder.write("chunks.bin", new Uint8Array(size));
    const progress: { loadedBytes: number; totalBytes: number | undefined }[] = [];
    await openArtifact(file).read({ onProgress: (event) => progress.push(event) });
    const loaded = progress.map(({ loadedBytes }) => loadedBytes);
    expect(loaded.length).toBeGreaterThan(1);
    expect(loaded).toEqual([...new Set(loaded)].toSorted((a, b) => a - b));
    expect(loaded.at(-1)).toBe(size);
    expect(progress.every(({ totalBytes }) => totalBytes === size)).toBe(true);
  });

  test("is no longer read once the signal was aborted", async () => {
    const file = await folder.write("aborted.bin", new Uint8Array(9 * 2 ** 20));
    const controller = new AbortController();
    const loaded: number[] = [];
    const reading = openArtifact(file).read({
      signal: controller.signal,
      onProgress({ loadedBytes }) {
        loaded.push(loadedBytes);
        controller.abort("enough");
      },
    });
    await expect(reading).rejects.toMatchObject({ code: "ABORTED", cause: "enough" });
    expect(loaded).toHaveLength(1);
  });
});

describe("malformed arguments", () => {
  test.each<[option: string, source: unknown, hash: string | undefined]>([
    ["artifact", "", undefined],
    ["artifact", undefined, undefined],
    ["artifact", null, undefined],
    ["artifact", 5, undefined],
    ["artifact", {}, undefined],
    ["artifact", new ArrayBuffer(4), undefined],
    ["sha256", bytes, ""],
    ["sha256", bytes, "0".repeat(63)],
    ["sha256", bytes, `${"0".repeat(64)}\n`],
    ["sha256", bytes, "g".repeat(64)],
  ])("%s of %o, %o", (option, source, hash) => {
    expect(() => openArtifact(source as ArtifactSource, { sha256: hash })).toThrow(
      expect.objectContaining({ code: "INVALID_OPTIONS", option }),
    );
  });
});

test("an artifact of one's own is taken as it is, and checked where something is declared", async () => {
  const own: Artifact = { location: "mine", read: () => Promise.resolve(bytes), sibling: () => own };
  expect(openArtifact(own)).toBe(own);
  const checked = openArtifact(own, { sha256: "0".repeat(64) });
  expect(checked.location).toBe("mine");
  expect(checked.sibling("x")).toBe(own);
  await expect(checked.read()).rejects.toMatchObject({ code: "INTEGRITY_MISMATCH", location: "mine" });
});
