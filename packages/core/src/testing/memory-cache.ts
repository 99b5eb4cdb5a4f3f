import type {
  ArtifactCache,
  CachedFile,
  CachedFileInfo,
  CacheWriter,
} from "../artifact/cache/artifact-cache.ts";
import { checkKey, checkMaxBytes } from "../artifact/cache/check-key.ts";

/** Options of {@link memoryCache}. */
export interface MemoryCacheOptions {
  /** The most bytes that all files together may have. Default no limit. */
  readonly maxBytes?: number | undefined;
}

/** An artifact cache in memory, for tests. It keeps partial files too. */
export function memoryCache({ maxBytes = Infinity }: MemoryCacheOptions = {}): ArtifactCache {
  checkMaxBytes(maxBytes);
  // Last used, last in it.
  const files = new Map<string, CachedFileInfo & { readonly bytes: Uint8Array }>();
  const partials = new Map<string, Uint8Array>();
  const turns = new Map<string, Promise<void>>();

  const commit = (key: string, info: CachedFileInfo, bytes: Uint8Array): void => {
    if (bytes.byteLength > maxBytes) throw new Error(`it is larger than the cache's maxBytes of ${maxBytes}`);
    files.delete(key);
    files.set(key, { sha256: info.sha256, etag: info.etag, bytes });
    let total = 0;
    for (const { bytes: held } of files.values()) total += held.byteLength;
    for (const [oldest, { bytes: held }] of files) {
      if (total <= maxBytes) break;
      files.delete(oldest);
      total -= held.byteLength;
    }
  };

  return {
    async open(key): Promise<CachedFile | undefined> {
      checkKey(key);
      const file = files.get(key);
      if (file === undefined) return undefined;
      files.delete(key);
      files.set(key, file);
      const { sha256, etag, bytes } = file;
      return { sha256, etag, sizeBytes: bytes.byteLength, chunks: () => once(bytes), close: async () => {} };
    },
    async write(key, { signal }): Promise<CacheWriter> {
      checkKey(key);
      const leave = await takeTurn(turns, key, signal);
      let bytes = partials.get(key) ?? new Uint8Array();
      const found = bytes;
      let isCommitted = false;
      return {
        partial:
          found.byteLength === 0 ? undefined : { sizeBytes: found.byteLength, chunks: () => once(found) },
        async append(chunk) {
          const longer = new Uint8Array(bytes.byteLength + chunk.byteLength);
          longer.set(bytes);
          longer.set(chunk, bytes.byteLength);
          bytes = longer;
        },
        async discard() {
          bytes = new Uint8Array();
        },
        async commit(info) {
          commit(key, info, bytes);
          isCommitted = true;
        },
        async close() {
          if (isCommitted || bytes.byteLength === 0) partials.delete(key);
          else partials.set(key, bytes);
          leave();
        },
      };
    },
    async delete(key) {
      checkKey(key);
      files.delete(key);
    },
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  yield bytes.slice();
}

/** Waits for those who came before. Gives what lets the next one in. */
async function takeTurn(
  turns: Map<string, Promise<void>>,
  key: string,
  signal: AbortSignal | undefined,
): Promise<() => void> {
  const before = turns.get(key) ?? Promise.resolve();
  let leave = (): void => {};
  const mine = new Promise<void>((resolve) => {
    leave = resolve;
  });
  turns.set(
    key,
    before.then(() => mine),
  );
  try {
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => reject(signal?.reason as Error);
      if (signal?.aborted) return onAbort();
      signal?.addEventListener("abort", onAbort, { once: true });
      void before.then(() => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      });
    });
  } catch (error) {
    leave();
    throw error;
  }
  return leave;
}
