import { readdir, readFile, readlink, utimes, writeFile } from "node:fs/promises";

import { afterAll, describe, expect, test } from "vitest";

import { describeArtifactCache } from "../../testing/describe-artifact-cache.ts";
import { memoryCache } from "../../testing/memory-cache.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../temporary-folder.fixtures.ts";
import { folderCache } from "./folder-cache.ts";

const folders: TemporaryFolder[] = [];
afterAll(() => Promise.all(folders.map((folder) => folder[Symbol.asyncDispose]())));

describeArtifactCache(
  "folderCache",
  {
    async store() {
      const folder = await makeTemporaryFolder();
      folders.push(folder);
      return ({ maxBytes }) => folderCache({ folder: `${folder.path}/deep/in`, maxBytes });
    },
  },
  { describe, test },
);

describeArtifactCache(
  "memoryCache",
  {
    store() {
      const cache = memoryCache({ maxBytes: 100_000 });
      return () => cache;
    },
  },
  { describe, test },
);

describe("folderCache", () => {
  test("leaves nothing in its folder but the files", async () => {
    await using folder = await makeTemporaryFolder();
    const cache = folderCache({ folder: folder.path });
    const writer = await cache.write("a", {});
    await writer.append(Uint8Array.of(1, 2, 3));
    await writer.commit({ sha256: "0".repeat(64), etag: undefined });
    await writer.close();
    await (await cache.write("b", {})).close();
    expect(await folder.names()).toEqual(["a.entry"]);
  });

  test.each([
    ["cut off", (bytes: Buffer) => bytes.subarray(0, -1)],
    ["of another kind", () => Buffer.from("something else")],
    ["empty", () => Buffer.alloc(0)],
    ["longer", (bytes: Buffer) => Buffer.concat([Buffer.of(1), bytes])],
  ])("a file that is %s is none, and goes", async (_, damage) => {
    await using folder = await makeTemporaryFolder();
    const cache = folderCache({ folder: folder.path });
    const writer = await cache.write("a", {});
    await writer.append(new Uint8Array(1000));
    await writer.commit({ sha256: "0".repeat(64), etag: undefined });
    await writer.close();
    const path = `${folder.path}/a.entry`;
    await writeFile(path, damage(await readFile(path)));
    expect(await cache.open("a")).toBeUndefined();
    expect(await folder.names()).toEqual([]);
  });

  test("a file stays whole when others cannot be removed after it was committed", async () => {
    await using folder = await makeTemporaryFolder();
    // A folder is no file, so it cannot be removed as one.
    await folder.write("b.1-none-none.part/x", "");
    await utimes(`${folder.path}/b.1-none-none.part`, 0, 0);
    const cache = folderCache({ folder: folder.path });
    const writer = await cache.write("a", {});
    await writer.append(Uint8Array.of(1, 2, 3));
    await writer.commit({ sha256: "0".repeat(64), etag: undefined }).catch(() => {});
    await writer.discard();
    await writer.close();
    const found = await cache.open("a");
    expect(found?.sizeBytes).toBe(3);
    await found?.close();
  });

  test.runIf(process.platform === "linux")("a file that cannot be read is not held open", async () => {
    await using folder = await makeTemporaryFolder();
    await folder.write("a.entry/x", "");
    const cache = folderCache({ folder: folder.path });
    const open = async (): Promise<number> => {
      await expect(cache.open("a")).rejects.toThrow("EISDIR");
      const targets = (await readdir("/proc/self/fd")).map((name) => readlink(`/proc/self/fd/${name}`));
      const paths = await Promise.all(targets.map((target) => target.catch(() => "")));
      return paths.filter((path) => path === `${folder.path}/a.entry`).length;
    };
    expect(await open()).toBe(0);
  });

  test.each([0, -1, Number.NaN, "1"])("maxBytes of %o is refused", (maxBytes) => {
    expect(() => folderCache({ maxBytes: maxBytes as number })).toThrow(
      expect.objectContaining({ code: "INVALID_OPTIONS", option: "maxBytes" }),
    );
  });
});
