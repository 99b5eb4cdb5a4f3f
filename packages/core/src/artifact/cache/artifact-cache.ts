/**
 * Where files are kept from one run to the next: {@link folderCache} on Node, {@link browserCache} in a
 * page, or one of your own, which `describeArtifactCache` of `@mlops/core/testing` puts to the test.
 *
 * It may be used by any number of callers, threads and processes (or tabs) at once. Whatever it
 * gives is checked against its SHA-256 again, and whatever it throws costs a download at most: the
 * model is loaded without it. Keys are 1 to 80 characters of `a-z`, `0-9` and `-`.
 */
export interface ArtifactCache {
  /** The file under `key`, whole as it was committed; `undefined` when there is none. It counts as used. */
  open(key: string): Promise<CachedFile | undefined>;
  /**
   * Takes the sole right to write `key`, waiting for who has it: until they leave it, or are gone, such
   * as a process that was killed. A file that is there stays until another one is committed.
   *
   * @throws the signal's reason when it is aborted while waiting.
   */
  write(key: string, options: CacheWriteOptions): Promise<CacheWriter>;
  /** Removes the file under `key`, if there is one. */
  delete(key: string): Promise<void>;
}

/** Options of {@link ArtifactCache.write}. */
export interface CacheWriteOptions {
  /** Stops the waiting. */
  readonly signal?: AbortSignal | undefined;
}

/** What is known of a file in a cache. */
export interface CachedFileInfo {
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** The ETag that it came with, if any. */
  readonly etag: string | undefined;
}

/** A file in a cache. It stays readable until it is closed, whatever becomes of its key. */
export interface CachedFile extends CachedFileInfo {
  readonly sizeBytes: number;
  /** Its bytes in order. A chunk belongs to the caller. */
  chunks(): AsyncIterable<Uint8Array>;
  /** Lets go of it. */
  close(): Promise<void>;
}

/** The sole right to write one key. It ends with `close()`. */
export interface CacheWriter {
  /**
   * The bytes that an earlier writer of the key left behind when it closed, or was killed, without
   * having committed. What is appended follows them. `undefined` when there are none; a cache need
   * not keep any.
   */
  readonly partial: PartialFile | undefined;
  /** Adds bytes. They are taken over before the promise resolves. */
  append(bytes: Uint8Array): Promise<void>;
  /** Drops all bytes, partial ones too. */
  discard(): Promise<void>;
  /**
   * Makes all bytes the file under the key, at once and for good: who opens it sees the old one or the
   * new one, also after a crash. Then others go, those used longest ago first, until all fit the bound.
   *
   * @throws any error when the file is larger than the whole cache may be; then none is evicted for it.
   */
  commit(file: CachedFileInfo): Promise<void>;
  /** Gives the right back. Bytes that were not committed stay for the next writer. */
  close(): Promise<void>;
}

/** What is there of a file. */
export interface PartialFile {
  readonly sizeBytes: number;
  /** Its bytes in order; to be read before the first `append` or `discard`. */
  chunks(): AsyncIterable<Uint8Array>;
}
