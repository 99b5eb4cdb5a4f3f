import { AbortedError } from "../errors/aborted-error.ts";
import { ModelLoadError } from "../errors/model-load-error.ts";
import type { Warning } from "../warning.ts";
import type { ArtifactCache, CachedFile, CacheWriter } from "./cache/artifact-cache.ts";
import { CachingSink } from "./caching-sink.ts";
import { checkFile } from "./check-file.ts";
import type { DeclaredFile } from "./declared-file.ts";
import { isTransient } from "./download-failure.ts";
import { downloadChecked } from "./download-checked.ts";
import type { Download } from "./download.ts";
import { describeCause } from "./describe-cause.ts";
import { HashingCollector } from "./hashing-collector.ts";
import { sha256Hex, sha256Maker } from "./sha256.ts";

/** What {@link readCached} needs besides the request. */
interface ReadCachedOptions {
  readonly declared: DeclaredFile;
  readonly onWarning?: ((warning: Warning) => void) | undefined;
}

/**
 * Reads a file out of a cache, or fetches it and leaves it there.
 *
 * A file whose SHA-256 is declared goes by that, and comes from the cache without a look at the
 * network. Any other goes by its URL, and the server is asked whether it has changed; where the server
 * cannot be asked, the copy is taken as it is, with a warning. A cache that fails costs a download.
 */
export async function readCached(
  request: Omit<Download, "sink" | "unlessEtag">,
  cache: ArtifactCache,
  { declared, onWarning }: ReadCachedOptions,
): Promise<Uint8Array> {
  const { sha256 } = declared;
  const key = sha256 === undefined ? `url-${await hashUrl(request.source)}` : `sha256-${sha256}`;
  return new CachedRead(request, cache, key, declared, onWarning).read();
}

function hashUrl(url: string): Promise<string> {
  return sha256Hex(new TextEncoder().encode(url));
}

class CachedRead {
  readonly #request: Omit<Download, "sink" | "unlessEtag">;
  readonly #cache: ArtifactCache;
  readonly #key: string;
  readonly #declared: DeclaredFile;
  readonly #onWarning: ((warning: Warning) => void) | undefined;

  constructor(
    request: Omit<Download, "sink" | "unlessEtag">,
    cache: ArtifactCache,
    key: string,
    declared: DeclaredFile,
    onWarning: ((warning: Warning) => void) | undefined,
  ) {
    this.#request = request;
    this.#cache = cache;
    this.#key = key;
    this.#declared = declared;
    this.#onWarning = onWarning;
  }

  async read(): Promise<Uint8Array> {
    const { signal, isChecked } = this.#request;
    const found = isChecked ? await this.#readEntry() : undefined;
    if (found !== undefined) return found;
    const writer = await this.#tryCache(() => this.#cache.write(this.#key, { signal }));
    try {
      // Somebody else may have written it while this waited for the right.
      const entry = await this.#tryCache(() => this.#cache.open(this.#key));
      try {
        if (!isChecked) return await this.#fetchUnlessSame(entry, writer);
        const bytes = entry && (await this.#readFile(entry));
        return bytes ?? (await this.#fetch(writer, undefined))!;
      } finally {
        await this.#tryCache(async () => entry?.close());
      }
    } finally {
      await this.#tryCache(async () => writer?.close());
    }
  }

  /** Fetches a file that goes by its URL, unless the one that is there still is the server's. */
  async #fetchUnlessSame(
    entry: CachedFile | undefined,
    writer: CacheWriter | undefined,
  ): Promise<Uint8Array> {
    // Parts of a file without a declared hash may be of different versions.
    await this.#tryCache(async () => writer?.discard());
    let bytes: Uint8Array | undefined;
    try {
      const fetched = await this.#fetch(writer, entry?.etag);
      if (fetched !== undefined) return fetched;
      bytes = await this.#readFile(entry!);
    } catch (error) {
      bytes = isOffline(error) && entry !== undefined ? await this.#readFile(entry) : undefined;
      if (bytes === undefined) throw error;
      this.#warn(
        `The cached copy of ${this.#request.location} is used as it is: ${(error as Error).message}`,
      );
    }
    return bytes ?? (await this.#fetch(writer, undefined))!;
  }

  async #readEntry(): Promise<Uint8Array | undefined> {
    const entry = await this.#tryCache(() => this.#cache.open(this.#key));
    if (entry === undefined) return undefined;
    try {
      return await this.#readFile(entry);
    } finally {
      await this.#tryCache(() => entry.close());
    }
  }

  /** The bytes of a cached file, or `undefined` when they are damaged; then it is removed. */
  async #readFile(entry: CachedFile): Promise<Uint8Array | undefined> {
    const { signal, onProgress, location, settings } = this.#request;
    const { sizeBytes: totalBytes } = entry;
    const { sha256 = entry.sha256, sizeBytes } = this.#declared;
    if (totalBytes > Math.min(sizeBytes ?? Infinity, settings.maxBytes)) return undefined;
    const collector = new HashingCollector(await sha256Maker());
    try {
      collector.reserve(totalBytes);
      for await (const chunk of entry.chunks()) {
        if (signal?.aborted) throw new AbortedError({ stage: "loading", cause: signal.reason });
        collector.append(chunk);
      }
      const bytes = checkFile(collector.finish(), { sha256, sizeBytes: totalBytes }, location);
      onProgress?.({ loadedBytes: totalBytes, totalBytes });
      return bytes;
    } catch (error) {
      if (signal?.aborted) throw error;
      this.#warn(`The cached copy of ${location} is damaged, and fetched again: ${describeCause(error)}`);
      await this.#tryCache(() => this.#cache.delete(this.#key));
      return undefined;
    }
  }

  /** Fetches the file into memory and into the cache; `undefined` when it still is that of `unlessEtag`. */
  async #fetch(
    writer: CacheWriter | undefined,
    unlessEtag: string | undefined,
  ): Promise<Uint8Array | undefined> {
    const { isChecked } = this.#request;
    const sink = new CachingSink(writer, await sha256Maker(), (error) => this.#warnOfCache(error));
    if (isChecked) await sink.adoptPartial();
    try {
      const fetched = await downloadChecked({ ...this.#request, sink, unlessEtag }, this.#declared);
      if (fetched === undefined) return undefined;
      await sink.commit(fetched);
      return fetched.bytes;
    } catch (error) {
      // The beginning of a file is worth keeping only if the rest may come, and can be told to belong to it.
      const isBeginning = isChecked && (AbortedError.isInstance(error) || isOffline(error));
      if (!isBeginning) await sink.clear();
      throw error;
    }
  }

  /** Runs a part of the cache. Its failure is told, and costs nothing but what the cache would have saved. */
  async #tryCache<Value>(run: () => Promise<Value>): Promise<Value | undefined> {
    try {
      return await run();
    } catch (cause) {
      const { signal } = this.#request;
      if (signal?.aborted) throw new AbortedError({ stage: "loading", cause: signal.reason });
      this.#warnOfCache(cause);
      return undefined;
    }
  }

  #warnOfCache(cause: unknown): void {
    this.#warn(`${this.#request.location} is not cached: ${describeCause(cause)}`);
  }

  #warn(message: string): void {
    this.#onWarning?.({ type: "other", message });
  }
}

/** Whether the server could not be asked, or failed, so that nothing is known against an older copy. */
function isOffline(error: unknown): boolean {
  return ModelLoadError.isInstance(error) && isTransient(error.reason);
}
