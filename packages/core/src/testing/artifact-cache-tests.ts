import type { ArtifactCache, CachedFile, CacheWriter } from "../artifact/cache/artifact-cache.ts";
import { sha256Hex } from "../artifact/sha256.ts";
import { assert, assertEqual } from "./conformance/assertions.ts";

/** What an artifact cache promises, each with a test: of one cache, and of another one on the same store. */
export const artifactCacheTests: readonly (readonly [
  title: string,
  run: (cache: ArtifactCache, other: ArtifactCache) => Promise<void>,
])[] = [
  [
    "open: there is nothing at first",
    async (cache) => {
      assertEqual(await cache.open("nothing"), undefined, "an absent file");
    },
  ],
  [
    "commit: gives the bytes, their hash and ETag back, as often as asked, to others too",
    async (cache, other) => {
      const bytes = await put(cache, "a", 5000, '"tag-é"');
      for (const one of [cache, cache, other]) {
        const file = await assertFile(one, "a", bytes);
        assertEqual(file?.etag, '"tag-é"', "the ETag");
        assertEqual(file?.sha256, await sha256Hex(bytes), "the SHA-256");
      }
    },
  ],
  [
    "commit: an empty file, and one without an ETag",
    async (cache) => {
      const bytes = await put(cache, "empty", 0);
      const file = await assertFile(cache, "empty", bytes);
      assertEqual(file?.etag, undefined, "the ETag");
    },
  ],
  [
    "append: many chunks of any size keep their order",
    async (cache) => {
      const chunks = Array.from({ length: 40 }, (_, index) => new Uint8Array(index * 37).fill(index));
      const whole = concatenate(chunks);
      const writer = await cache.write("chunks", {});
      for (const chunk of chunks) await writer.append(chunk);
      await commitAndClose(writer, whole);
      await assertFile(cache, "chunks", whole);
    },
  ],
  [
    "append: the memory of a chunk is the caller's again",
    async (cache) => {
      const writer = await cache.write("reused", {});
      const chunk = new Uint8Array(1000).fill(1);
      await writer.append(chunk);
      chunk.fill(2);
      await writer.append(chunk);
      const whole = new Uint8Array(2000).fill(1, 0, 1000).fill(2, 1000);
      await commitAndClose(writer, whole);
      await assertFile(cache, "reused", whole);
    },
  ],
  [
    "write: what is not committed is not there",
    async (cache) => {
      const writer = await cache.write("half", {});
      await writer.append(pattern(500));
      assertEqual(await cache.open("half"), undefined, "a file that is being written");
      await writer.close();
      assertEqual(await cache.open("half"), undefined, "a file that was given up");
    },
  ],
  [
    "write: the old file stays until another is committed, and for those who read it even longer",
    async (cache, other) => {
      const old = await put(cache, "a", 4000);
      const reading = await other.open("a");
      const writer = await cache.write("a", {});
      await writer.discard();
      await writer.append(pattern(3000, 9));
      await assertFile(other, "a", old);
      await commitAndClose(writer, pattern(3000, 9));
      await assertFile(other, "a", pattern(3000, 9));
      assert(reading !== undefined, "the old file is not there");
      assertEqual(same(await bytesOf(reading), old), true, "that the bytes of an opened file stay its own");
      await reading.close();
    },
  ],
  [
    "write: a partial file, if there is one, is what was appended",
    async (cache, other) => {
      const writer = await cache.write("partial", {});
      await writer.append(pattern(3000).subarray(0, 1000));
      await writer.append(pattern(3000).subarray(1000, 2000));
      await writer.close();
      const next = await other.write("partial", {});
      const start = next.partial?.sizeBytes ?? 0;
      if (next.partial !== undefined) {
        const found = await bytesOf(next.partial);
        assertEqual(found.byteLength, start, "the size of the partial file");
        assertEqual(same(found, pattern(3000).subarray(0, start)), true, "that it is a beginning");
      }
      await next.append(pattern(3000).subarray(start));
      await commitAndClose(next, pattern(3000));
      await assertFile(cache, "partial", pattern(3000));
      const last = await cache.write("partial", {});
      assertEqual(last.partial, undefined, "the partial file after a commit");
      await last.close();
    },
  ],
  [
    "discard: drops what was appended and what was partial",
    async (cache) => {
      const writer = await cache.write("dropped", {});
      await writer.append(pattern(2000));
      await writer.close();
      const next = await cache.write("dropped", {});
      await next.discard();
      await next.append(pattern(100, 5));
      await next.discard();
      await next.append(pattern(700, 6));
      await commitAndClose(next, pattern(700, 6));
      await assertFile(cache, "dropped", pattern(700, 6));
      const last = await cache.write("dropped", {});
      await last.append(pattern(10));
      await last.discard();
      await last.close();
      const after = await cache.write("dropped", {});
      assertEqual(after.partial, undefined, "the partial file after a discard");
      await after.close();
    },
  ],
  [
    "write: one at a time, by others too; other keys do not wait",
    async (cache, other) => {
      const first = await cache.write("key", {});
      let isLetIn = false;
      const second = other.write("key", {}).then((writer) => {
        isLetIn = true;
        return writer;
      });
      await (await other.write("another-key", {})).close();
      assertEqual(isLetIn, false, "whether a second writer is let in while the first is at it");
      await first.append(pattern(100));
      await commitAndClose(first, pattern(100));
      const writer = await second;
      await assertFile(other, "key", pattern(100));
      await writer.close();
    },
  ],
  [
    "write: the waiting can be aborted, and nobody is in the way then",
    async (cache) => {
      const first = await cache.write("key", {});
      const controller = new AbortController();
      const reason = new Error("enough");
      const waiting = cache.write("key", { signal: controller.signal });
      controller.abort(reason);
      const outcome = await waiting.then(
        () => "let in",
        (error: unknown) => error,
      );
      assert(outcome !== "let in", "a writer that was aborted is let in");
      await first.close();
      await (await cache.write("key", {})).close();
      const aborted = await cache.write("key", { signal: AbortSignal.abort(reason) }).then(
        () => "let in",
        () => "refused",
      );
      assertEqual(aborted, "refused", "a writer that was aborted before");
    },
  ],
  [
    "close: may be called twice",
    async (cache) => {
      const writer = await cache.write("key", {});
      await writer.close();
      const next = await cache.write("key", {});
      await writer.close();
      await next.append(pattern(10));
      await commitAndClose(next, pattern(10));
      await assertFile(cache, "key", pattern(10));
    },
  ],
  [
    "delete: removes a file, and what is not there",
    async (cache, other) => {
      await put(cache, "a", 100);
      await other.delete("a");
      await other.delete("a");
      assertEqual(await cache.open("a"), undefined, "a deleted file");
      await assertFile(cache, "a", await put(cache, "a", 200));
    },
  ],
  [
    "keys: are told apart, though one begins with another",
    async (cache) => {
      const keys = ["k", "k-1", "k-1-2", `sha256-${"a".repeat(64)}`, `sha256-${"b".repeat(64)}`];
      for (const [index, key] of keys.entries()) await put(cache, key, 100 + index);
      await cache.delete("k");
      for (const [index, key] of keys.entries()) {
        if (index > 0) await assertFile(cache, key, pattern(100 + index));
      }
    },
  ],
  [
    "keys: that are none are refused",
    async (cache) => {
      for (const key of ["", "../x", "a/b", "a.b", "A", "a b", "x".repeat(81)]) {
        for (const use of [
          () => cache.open(key),
          () => cache.write(key, {}).then((writer) => writer.close()),
          () => cache.delete(key),
        ]) {
          const outcome = await use().then(
            () => "taken",
            () => "refused",
          );
          assertEqual(outcome, "refused", `the key ${JSON.stringify(key)}`);
        }
      }
    },
  ],
  [
    "bound: what was used longest ago goes, and what was just opened stays",
    async (cache, other) => {
      for (const key of ["a", "b", "c"]) {
        await put(cache, key, 30_000);
        await nextMillisecond();
      }
      await assertFile(other, "a", pattern(30_000));
      await nextMillisecond();
      await put(other, "d", 30_000);
      assertEqual(await cache.open("b"), undefined, "the file that was used longest ago");
      for (const key of ["a", "c", "d"]) await assertFile(cache, key, pattern(30_000));
    },
  ],
  [
    "bound: a file that is larger than all is refused, and nothing goes for it",
    async (cache) => {
      await put(cache, "a", 30_000);
      const writer = await cache.write("large", {});
      const bytes = pattern(120_000);
      const outcome = await writer
        .append(bytes)
        .then(async () => writer.commit({ sha256: await sha256Hex(bytes), etag: undefined }))
        .then(
          () => "committed",
          () => "refused",
        );
      await writer.discard().catch(() => {});
      await writer.close();
      assertEqual(outcome, "refused", "a file larger than the bound");
      assertEqual(await cache.open("large"), undefined, "that file");
      await assertFile(cache, "a", pattern(30_000));
    },
  ],
  [
    "many at once: each writes, and every read is whole",
    async (cache, other) => {
      const write = async (size: number): Promise<void> => {
        const writer = await (size % 2 === 0 ? cache : other).write("contended", {});
        await writer.discard();
        await writer.append(pattern(size).subarray(0, 100));
        await writer.append(pattern(size).subarray(100));
        await commitAndClose(writer, pattern(size));
      };
      const read = async (): Promise<void> => {
        const file = await other.open("contended");
        if (file === undefined) return;
        const bytes = await bytesOf(file);
        assertEqual(
          same(bytes, pattern(file.sizeBytes)),
          true,
          "that what is read is one of what was written",
        );
        await file.close();
      };
      const sizes = Array.from({ length: 8 }, (_, index) => 1000 + index);
      await Promise.all(sizes.flatMap((size) => [write(size), read(), read()]));
      await read();
      assert((await cache.open("contended")) !== undefined, "there is nothing after eight writers");
    },
  ],
];

/** Bytes that tell where in which file they are. */
function pattern(length: number, seed = 1): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8) + seed) % 256);
}

async function put(cache: ArtifactCache, key: string, length: number, etag?: string): Promise<Uint8Array> {
  const bytes = pattern(length);
  const writer = await cache.write(key, {});
  if (writer.partial !== undefined) await writer.discard();
  if (length > 0) await writer.append(bytes);
  await commitAndClose(writer, bytes, etag);
  return bytes;
}

async function commitAndClose(writer: CacheWriter, bytes: Uint8Array, etag?: string): Promise<void> {
  try {
    await writer.commit({ sha256: await sha256Hex(bytes), etag });
  } finally {
    await writer.close();
  }
}

async function assertFile(
  cache: ArtifactCache,
  key: string,
  bytes: Uint8Array,
): Promise<CachedFile | undefined> {
  const file = await cache.open(key);
  assert(file !== undefined, `there is no file ${key}, and there has to be one`);
  try {
    assertEqual(file.sizeBytes, bytes.byteLength, `the size of ${key}`);
    assertEqual(
      same(await bytesOf(file), bytes),
      true,
      `that the bytes of ${key} are those that were put there`,
    );
    return file;
  } finally {
    await file.close();
  }
}

async function bytesOf(file: Pick<CachedFile, "chunks">): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.chunks()) chunks.push(chunk);
  return concatenate(chunks);
}

function concatenate(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, index) => byte === b[index]);
}

/** So that what comes later is later by every clock that a store may have. */
async function nextMillisecond(): Promise<void> {
  const before = Date.now();
  while (Date.now() <= before + 1) await new Promise((resolve) => setTimeout(resolve, 1));
}
