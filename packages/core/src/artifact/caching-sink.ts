import type { CachedFileInfo, CacheWriter } from "./cache/artifact-cache.ts";
import type { DownloadSink } from "./download.ts";
import { type HashedFile, HashingCollector } from "./hashing-collector.ts";
import type { StreamingSha256 } from "./sha256.ts";

/** Takes a download's bytes into memory, and into a cache for as long as that goes well. */
export class CachingSink implements DownloadSink {
  readonly #collector: HashingCollector;
  readonly #onFailed: (error: unknown) => void;
  #writer: CacheWriter | undefined;

  constructor(
    writer: CacheWriter | undefined,
    createSha256: () => StreamingSha256,
    onFailed: (error: unknown) => void,
  ) {
    this.#collector = new HashingCollector(createSha256);
    this.#writer = writer;
    this.#onFailed = onFailed;
  }

  get length(): number {
    return this.#collector.length;
  }

  /** Takes over what an earlier writer has left behind. */
  async adoptPartial(): Promise<void> {
    const partial = this.#writer?.partial;
    if (partial === undefined) return;
    try {
      for await (const chunk of partial.chunks()) this.#collector.append(chunk);
      if (this.length === partial.sizeBytes) return;
    } catch (error) {
      this.#onFailed(error);
    }
    await this.clear();
  }

  reserve(totalBytes: number): void {
    this.#collector.reserve(totalBytes);
  }

  async append(chunk: Uint8Array): Promise<void> {
    this.#collector.append(chunk);
    await this.#write((writer) => writer.append(chunk));
  }

  async clear(): Promise<void> {
    this.#collector.clear();
    await this.#write((writer) => writer.discard());
  }

  head(count: number): Uint8Array {
    return this.#collector.head(count);
  }

  finish(): HashedFile {
    return this.#collector.finish();
  }

  async commit(file: CachedFileInfo): Promise<void> {
    await this.#write((writer) => writer.commit(file));
  }

  async #write(write: (writer: CacheWriter) => Promise<void>): Promise<void> {
    const writer = this.#writer;
    if (writer === undefined) return;
    try {
      await write(writer);
    } catch (error) {
      // From here on the bytes have a gap: what is there is of no use to the next writer either.
      this.#writer = undefined;
      this.#onFailed(error);
      await writer.discard().catch(() => {});
    }
  }
}
