import type { CachedFileInfo, CacheWriter, PartialFile } from "./artifact-cache.ts";
import type { BrowserStorage } from "./browser-storage.ts";

/** Bytes of one stored value. What is not that many yet is lost with its tab. */
const segmentBytes = 8 * 1024 * 1024;

/** What is stored of a file that is being written. */
interface PartialEntry {
  readonly generation: string;
  readonly segments: number;
  readonly sizeBytes: number;
}

/** What {@link SegmentWriter} needs. */
export interface SegmentWriterOptions {
  readonly store: BrowserStorage;
  readonly key: string;
  readonly maxBytes: number;
  /** Makes a file of the segments. */
  readonly commit: (entry: CachedFileInfo & PartialEntry) => Promise<void>;
  /** Removes what the new file makes needless. */
  readonly tidy: () => Promise<void>;
  readonly release: () => void;
}

/** Writes a file as segments, each of which is stored whole or not at all, and counted once it is. */
export class SegmentWriter implements CacheWriter {
  readonly partial: PartialFile | undefined;
  readonly #options: SegmentWriterOptions;
  #generation: string;
  #segments: number;
  #storedBytes: number;
  #pending: Uint8Array<ArrayBuffer> | undefined;
  #pendingBytes = 0;
  #closing: Promise<void> | undefined;

  private constructor(options: SegmentWriterOptions, found: PartialEntry | undefined) {
    this.#options = options;
    this.#generation = found?.generation ?? crypto.randomUUID();
    this.#segments = found?.segments ?? 0;
    this.#storedBytes = found?.sizeBytes ?? 0;
    const { store, key } = options;
    this.partial = found && {
      sizeBytes: found.sizeBytes,
      chunks: () => segmentsOf(store, `${key}/${found.generation}`, found.segments),
    };
  }

  static async open(options: SegmentWriterOptions): Promise<SegmentWriter> {
    const found = await options.store.getJson<PartialEntry>(`${options.key}/partial`);
    return new SegmentWriter(options, found);
  }

  async append(bytes: Uint8Array): Promise<void> {
    for (let offset = 0; offset < bytes.byteLength;) {
      this.#pending ??= new Uint8Array(segmentBytes);
      const count = Math.min(segmentBytes - this.#pendingBytes, bytes.byteLength - offset);
      this.#pending.set(bytes.subarray(offset, offset + count), this.#pendingBytes);
      this.#pendingBytes += count;
      offset += count;
      if (this.#pendingBytes === segmentBytes) await this.#store();
    }
  }

  async discard(): Promise<void> {
    const { store, key } = this.#options;
    const [generation, segments] = [this.#generation, this.#segments];
    this.#generation = crypto.randomUUID();
    this.#segments = 0;
    this.#storedBytes = 0;
    this.#pendingBytes = 0;
    await store.delete(`${key}/partial`);
    await deleteSegments(store, `${key}/${generation}`, segments);
  }

  async commit({ sha256, etag }: CachedFileInfo): Promise<void> {
    const { maxBytes, commit, tidy } = this.#options;
    const sizeBytes = this.#storedBytes + this.#pendingBytes;
    if (sizeBytes > maxBytes) {
      throw new Error(`it has ${sizeBytes} bytes, more than the cache's maxBytes of ${maxBytes}`);
    }
    await this.#store();
    await commit({ sha256, etag, sizeBytes, generation: this.#generation, segments: this.#segments });
    // What is appended or discarded now would be another file's.
    this.#generation = crypto.randomUUID();
    this.#segments = 0;
    this.#storedBytes = 0;
    await tidy();
  }

  close(): Promise<void> {
    this.#closing ??= this.#store().finally(this.#options.release);
    return this.#closing;
  }

  async #store(): Promise<void> {
    if (this.#pending === undefined || this.#pendingBytes === 0) return;
    const { store, key } = this.#options;
    await store.putBytes(
      `${key}/${this.#generation}/${this.#segments}`,
      this.#pending.subarray(0, this.#pendingBytes),
    );
    this.#segments += 1;
    this.#storedBytes += this.#pendingBytes;
    this.#pendingBytes = 0;
    await store.putJson(`${key}/partial`, {
      generation: this.#generation,
      segments: this.#segments,
      sizeBytes: this.#storedBytes,
    } satisfies PartialEntry);
  }
}

/** The bytes of stored segments in order. */
export async function* segmentsOf(
  store: BrowserStorage,
  path: string,
  segments: number,
): AsyncGenerator<Uint8Array, void, void> {
  for (let index = 0; index < segments; index += 1) {
    const bytes = await store.getBytes(`${path}/${index}`);
    if (bytes === undefined) throw new Error(`part ${index + 1} of ${segments} is missing from the cache`);
    yield bytes;
  }
}

async function deleteSegments(store: BrowserStorage, path: string, segments: number): Promise<void> {
  for (let index = 0; index < segments; index += 1) await store.delete(`${path}/${index}`);
}
