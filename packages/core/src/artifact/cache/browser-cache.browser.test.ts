import { describe, expect, onTestFinished, test, vi } from "vitest";

import { describeArtifactCache } from "../../testing/describe-artifact-cache.ts";
import { openArtifact } from "../open-artifact.ts";
import { sha256Hex } from "../sha256.ts";
import type { ArtifactCache } from "./artifact-cache.ts";
import { browserCache } from "./browser-cache.ts";

let count = 0;
const newName = (): string => `test-${(count += 1)}-${crypto.randomUUID()}`;
const bytes = Uint8Array.from({ length: 20 * 2 ** 20 }, (_, index) => (index * 31 + (index >> 12)) % 256);

describeArtifactCache(
  "browserCache",
  {
    store() {
      const name = newName();
      return ({ maxBytes }) => browserCache({ name, maxBytes });
    },
  },
  { describe, test },
);

/** A stand-in for a server: the page's own cannot be told to break. */
function breakingFetch(breakAfter: number): {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly ranges: (string | null)[];
} {
  const ranges: (string | null)[] = [];
  return {
    ranges,
    async fetch(_, init) {
      const range = new Headers(init.headers).get("range");
      ranges.push(range);
      const start = Number(/\d+/.exec(range ?? "0")![0]);
      const isBroken = ranges.length === 1;
      const end = isBroken ? start + breakAfter : bytes.byteLength;
      let offset = start;
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          const next = Math.min(end, offset + 2 ** 20);
          if (offset < next) controller.enqueue(bytes.slice(offset, next));
          else if (isBroken) controller.error(new TypeError("network error"));
          else controller.close();
          offset = next;
        },
      });
      const headers: Record<string, string> = range === null ? {} : rangeHeaders(start);
      return new Response(body, { status: range === null ? 200 : 206, headers });
    },
  };
}

function rangeHeaders(start: number): Record<string, string> {
  return { "content-range": `bytes ${start}-${bytes.byteLength - 1}/${bytes.byteLength}` };
}

test("a later visit goes on where an earlier one broke off, and the next needs no network", async () => {
  const cache = browserCache({ name: newName() });
  const { fetch, ranges } = breakingFetch(18 * 2 ** 20);
  const options = { sha256: await sha256Hex(bytes), cache, fetch, maxRetries: 0 };
  const url = `${location.origin}/model.onnx`;
  await expect(openArtifact(url, options).read()).rejects.toMatchObject({ reason: "network" });
  expect(await sha256Hex(await openArtifact(url, options).read())).toBe(options.sha256);
  expect(ranges[1]).toMatch(/^bytes=1[678]\d{6}-$/);
  const offline = async (): Promise<never> => {
    throw new TypeError("Failed to fetch");
  };
  const third = await openArtifact(url, { ...options, fetch: offline }).read();
  expect(await sha256Hex(third)).toBe(options.sha256);
});

test("the page's own fetch, a real server, and an HTML page in the place of a model", async () => {
  const cache = browserCache({ name: newName() });
  const url = new URL("../read-artifact.fixtures.ts?raw", import.meta.url);
  const expected = new Uint8Array(await (await fetch(url)).arrayBuffer());
  for (let visit = 0; visit < 2; visit += 1) {
    expect(await openArtifact(url, { cache }).read()).toEqual(expected);
  }
  await expect(openArtifact(location.href, { cache }).read()).rejects.toMatchObject({
    code: "MODEL_LOAD_FAILED",
    reason: "html-page",
  });
});

test("a worker that is ended while it writes lets the next one in, and leaves what it had", async () => {
  const name = newName();
  const worker = new Worker(new URL("./browser-cache.fixtures.ts", import.meta.url), { type: "module" });
  const hasWritten = new Promise((resolve) => (worker.onmessage = resolve));
  worker.postMessage(name);
  await hasWritten;
  worker.terminate();
  const writer = await browserCache({ name }).write("killed", {});
  expect(writer.partial?.sizeBytes).toBe(16 * 2 ** 20);
  for await (const chunk of writer.partial!.chunks()) expect(chunk.every((byte) => byte === 7)).toBe(true);
  await writer.close();
});

test("segments of a file that was replaced while it was read go when it is closed", async () => {
  const name = newName();
  const cache = browserCache({ name });
  const put = async (byte: number): Promise<void> => {
    const writer = await cache.write("a", {});
    await writer.append(new Uint8Array(100).fill(byte));
    await writer.commit({ sha256: "0".repeat(64), etag: undefined });
    await writer.close();
  };
  await put(1);
  const reading = await cache.open("a");
  await put(2);
  await reading?.close();
  const paths = (await (await caches.open(name)).keys()).map(({ url }) => url);
  expect(paths).toHaveLength(3);
});

async function putFile(cache: ArtifactCache): Promise<void> {
  const writer = await cache.write("a", {});
  try {
    await writer.append(new Uint8Array(100).fill(1));
    await writer.commit({ sha256: "0".repeat(64), etag: undefined });
  } catch {
    await writer.discard();
  } finally {
    await writer.close();
  }
}

async function sizeOfFile(cache: ArtifactCache): Promise<number | undefined> {
  const file = await cache.open("a");
  let size = 0;
  for await (const chunk of file?.chunks() ?? []) size += chunk.byteLength;
  await file?.close();
  return size;
}

/** Makes a method of Cache Storage fail until the test ends. */
function breakStorage(method: "put" | "keys" | "match"): void {
  const broken = vi.spyOn(Cache.prototype, method);
  broken.mockRejectedValue(new DOMException("There is no more room.", "QuotaExceededError"));
  onTestFinished(() => broken.mockRestore());
}

test("a file is there though there is no room to note that it is used", async () => {
  const cache = browserCache({ name: newName() });
  await putFile(cache);
  breakStorage("put");
  expect(await sizeOfFile(cache)).toBe(100);
});

test("a file stays whole when what is needless cannot be removed after it was committed", async () => {
  const cache = browserCache({ name: newName() });
  breakStorage("keys");
  await putFile(cache);
  expect(await sizeOfFile(cache)).toBe(100);
});

test("a file that cannot be read is not held", async () => {
  const name = newName();
  breakStorage("match");
  await expect(browserCache({ name }).open("a")).rejects.toThrow("There is no more room.");
  // The browser hears of a release a little later.
  await expect
    .poll(async () => (await navigator.locks.query()).held?.filter((lock) => lock.name?.startsWith(name)))
    .toEqual([]);
});
