import { type Environment, systemEnvironment } from "../../environment.ts";
import type { ArtifactCache, CachedFile, CachedFileInfo, CacheWriter } from "./artifact-cache.ts";
import { browserStorage, type BrowserStorage } from "./browser-storage.ts";
import { checkKey, checkMaxBytes } from "./check-key.ts";
import { SegmentWriter, segmentsOf } from "./segments.ts";

/** Options of {@link browserCache}. */
export interface BrowserCacheOptions {
  /** The name of the store among those of the page's origin. Default `mlops-artifacts`. */
  readonly name?: string | undefined;
  /** The most bytes that all files together may have. Default 4 GiB. The browser may allow less. */
  readonly maxBytes?: number | undefined;
  /** The clock to use, for tests. Default the host's. */
  readonly environment?: Environment | undefined;
}

/**
 * A cache in a browser's Cache Storage, for pages and workers. All tabs of an origin share it; one that
 * is closed in the middle leaves what it had, which the next one goes on with where the file has a
 * declared SHA-256. It needs a secure context: HTTPS, or localhost.
 *
 * The browser may throw it away when room is short, unless the page asks
 * `navigator.storage.persist()`.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` when an option has a value that it cannot have.
 * @throws UnsupportedError `UNSUPPORTED`, when it is used, where there is no Cache Storage.
 *
 * @example
 * ```ts no-run
 * const artifact = openArtifact("https://example.com/model.onnx", { cache: browserCache() });
 * ```
 */
export function browserCache(options: BrowserCacheOptions = {}): ArtifactCache {
  const { name = "mlops-artifacts", maxBytes = 4 * 1024 ** 3, environment = systemEnvironment } = options;
  checkMaxBytes(maxBytes);
  return new BrowserCache(name, maxBytes, environment);
}

/** What is stored of a whole file. Its bytes are in as many segments. */
interface Entry extends CachedFileInfo {
  readonly sizeBytes: number;
  readonly generation: string;
  readonly segments: number;
}

class BrowserCache implements ArtifactCache {
  readonly #name: string;
  readonly #maxBytes: number;
  readonly #environment: Environment;

  constructor(name: string, maxBytes: number, environment: Environment) {
    this.#name = name;
    this.#maxBytes = maxBytes;
    this.#environment = environment;
  }

  async open(key: string): Promise<CachedFile | undefined> {
    checkKey(key);
    const store = await browserStorage(this.#name);
    // Held until the file is closed, so that nobody removes its segments.
    const reader = await store.lock(`read ${key}`, "shared", undefined);
    let entry: Entry | undefined;
    try {
      entry = await store.getJson<Entry>(`${key}/entry`);
    } finally {
      if (entry === undefined) reader.release();
    }
    if (entry === undefined) return undefined;
    const { generation, segments } = entry;
    // Only the order of eviction rests on it. There may be no room for it.
    await this.#markUsed(store, key).catch(() => {});
    return {
      sizeBytes: entry.sizeBytes,
      sha256: entry.sha256,
      etag: entry.etag,
      chunks: () => segmentsOf(store, `${key}/${generation}`, segments),
      close: async () => {
        reader.release();
        const now = await store.getJson<Entry>(`${key}/entry`);
        // What was replaced while it was read could not be removed then.
        if (now?.generation !== generation) await this.#sweep(store, key);
      },
    };
  }

  async write(key: string, { signal }: { readonly signal?: AbortSignal | undefined }): Promise<CacheWriter> {
    checkKey(key);
    const store = await browserStorage(this.#name);
    const lock = await store.lock(`write ${key}`, "exclusive", signal);
    try {
      return await SegmentWriter.open({
        store,
        key,
        maxBytes: this.#maxBytes,
        commit: (entry) => this.#commit(store, key, entry),
        tidy: () => this.#tidy(store, key),
        release: () => lock.release(),
      });
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  async delete(key: string): Promise<void> {
    checkKey(key);
    const store = await browserStorage(this.#name);
    await store.delete(`${key}/entry`);
    await this.#sweep(store, key);
  }

  async #commit(store: BrowserStorage, key: string, entry: Entry): Promise<void> {
    await this.#markUsed(store, key);
    await store.putJson(`${key}/entry`, entry);
  }

  async #tidy(store: BrowserStorage, key: string): Promise<void> {
    // It is the key's beginning no more.
    await store.delete(`${key}/partial`);
    await this.#sweep(store, key);
    await this.#evict(store, key);
  }

  async #markUsed(store: BrowserStorage, key: string): Promise<void> {
    await store.putJson(`${key}/used`, this.#environment.now());
  }

  /** Removes the segments of a key that belong to no file of it, unless somebody may be reading them. */
  async #sweep(store: BrowserStorage, key: string): Promise<void> {
    const reader = await store.tryLock(`read ${key}`);
    if (reader === undefined) return;
    try {
      const entry = await store.getJson<Entry>(`${key}/entry`);
      const partial = await store.getJson<{ generation: string }>(`${key}/partial`);
      const kept = new Set([entry?.generation, partial?.generation, "entry", "partial", "used"]);
      for (const path of await store.paths()) {
        const [owner, part = ""] = path.split("/");
        if (owner === key && !kept.has(part)) await store.delete(path);
      }
      if (entry === undefined) await store.delete(`${key}/used`);
    } finally {
      reader.release();
    }
  }

  /** Removes what was used longest ago until all fits, but not what was just committed. */
  async #evict(store: BrowserStorage, newest: string): Promise<void> {
    const files: { readonly key: string; readonly sizeBytes: number; readonly usedAt: number }[] = [];
    const paths = await store.paths();
    for (const key of new Set(paths.map((path) => path.split("/")[0]!))) {
      const entry = await store.getJson<Entry>(`${key}/entry`);
      const partial = await store.getJson<{ sizeBytes: number }>(`${key}/partial`);
      const usedAt = (await store.getJson<number>(`${key}/used`)) ?? 0;
      files.push({ key, usedAt, sizeBytes: (entry?.sizeBytes ?? 0) + (partial?.sizeBytes ?? 0) });
    }
    let total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    for (const { key, sizeBytes } of files.toSorted((a, b) => a.usedAt - b.usedAt)) {
      if (total <= this.#maxBytes) return;
      if (key === newest) continue;
      const writer = await store.tryLock(`write ${key}`);
      // Somebody is at it: then it is used now.
      if (writer === undefined) continue;
      try {
        await store.delete(`${key}/entry`);
        await store.delete(`${key}/partial`);
        await this.#sweep(store, key);
        total -= sizeBytes;
      } finally {
        writer.release();
      }
    }
  }
}
