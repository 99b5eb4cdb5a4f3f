import { type Environment, systemEnvironment } from "../../environment.ts";
import type {
  ArtifactCache,
  CachedFile,
  CachedFileInfo,
  CacheWriter,
  PartialFile,
} from "./artifact-cache.ts";
import { chunksOf, encodeTrailer, readCachedFile } from "./cache-file.ts";
import { checkKey, checkMaxBytes } from "./check-key.ts";
import { acquireLock, type FolderLock, isDead, livingOwners, ownerOf } from "./folder-lock.ts";
import { defaultCacheFolder } from "./default-folder.ts";
import { hasCode, type NodeFile, type NodeFolder, nodeFolder, unlessGone } from "./node-folder.ts";

/** Options of {@link folderCache}. */
export interface FolderCacheOptions {
  /**
   * The folder. It is made when it is needed, readable by this user only. Default the folder
   * `mlops/artifacts` in the system's one for caches: `$XDG_CACHE_HOME` or `~/.cache`,
   * `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows.
   */
  readonly folder?: string | undefined;
  /** The most bytes that all files together may have. Default 10 GiB. */
  readonly maxBytes?: number | undefined;
  /** The clock and the timers to use, for tests. Default the host's. */
  readonly environment?: Environment | undefined;
  /** Gives numbers from 0 to below 1, for names and waits. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/**
 * A cache in a folder, for Node, Deno and Bun. Any number of processes may share it, on one machine;
 * one that is killed leaves nothing behind that would harm or delay the others. What it had read of a file
 * with a declared SHA-256 is gone on with. On a network drive, a file may be fetched more often than once.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` when an option has a value that it cannot have.
 * @throws UnsupportedError `UNSUPPORTED`, when it is used, on a host without a file system.
 *
 * @example
 * ```ts no-run
 * const artifact = openArtifact("https://example.com/model.onnx", { cache: folderCache() });
 * ```
 */
export function folderCache(options: FolderCacheOptions = {}): ArtifactCache {
  const { maxBytes = 10 * 1024 ** 3, environment = systemEnvironment, random = Math.random } = options;
  checkMaxBytes(maxBytes);
  return new FolderCache({ folder: options.folder, maxBytes, environment, random });
}

interface FolderCacheSettings {
  readonly folder: string | undefined;
  readonly maxBytes: number;
  readonly environment: Environment;
  readonly random: () => number;
}

/** Files whose writer was not seen for so long are nobody's. */
const abandonedMs = 7 * 24 * 3600 * 1000;

class FolderCache implements ArtifactCache {
  readonly #settings: FolderCacheSettings;

  constructor(settings: FolderCacheSettings) {
    this.#settings = settings;
  }

  async open(key: string): Promise<CachedFile | undefined> {
    checkKey(key);
    const { node, folder } = this.#place();
    const path = node.join(folder, `${key}.entry`);
    const file = await unlessGone(node.fs.open(path, "r"));
    if (file === undefined) return undefined;
    let cached: CachedFile | undefined;
    try {
      cached = await readCachedFile(file);
    } catch (error) {
      await file.close();
      throw error;
    }
    if (cached === undefined) {
      await file.close();
      await unlessGone(node.fs.unlink(path));
      return undefined;
    }
    const seconds = this.#settings.environment.now() / 1000;
    // Only the order of eviction rests on it. A folder may be read-only.
    await node.fs.utimes(path, seconds, seconds).catch(() => {});
    return cached;
  }

  async write(key: string, { signal }: { readonly signal?: AbortSignal | undefined }): Promise<CacheWriter> {
    checkKey(key);
    const { environment, random } = this.#settings;
    const { node, folder } = this.#place();
    await node.fs.mkdir(folder, { recursive: true, mode: 0o700 });
    const lock = await acquireLock({ node, folder, key, environment, random, signal });
    const path = node.join(folder, `${key}.${lock.owner}.part`);
    let file: NodeFile | undefined;
    try {
      await adoptPartial(node, folder, key, path);
      file = await node.fs.open(path, "a+");
      const size = await sizeOfPartial(file);
      const entryPath = node.join(folder, `${key}.entry`);
      const commit = (info: CachedFileInfo, bytes: number): Promise<void> =>
        this.#commit(entryPath, path, file!, info, bytes);
      const evict = (): Promise<void> => this.#evict(entryPath);
      return new FolderWriter({ node, path, file, size, lock, commit, evict });
    } catch (error) {
      await file?.close();
      await lock.release();
      throw error;
    }
  }

  async delete(key: string): Promise<void> {
    checkKey(key);
    const { node, folder } = this.#place();
    await unlessGone(node.fs.unlink(node.join(folder, `${key}.entry`)));
  }

  #place(): { readonly node: NodeFolder; readonly folder: string } {
    const node = nodeFolder();
    return { node, folder: this.#settings.folder ?? defaultCacheFolder(node) };
  }

  async #commit(
    path: string,
    partPath: string,
    file: NodeFile,
    info: CachedFileInfo,
    bytes: number,
  ): Promise<void> {
    const { maxBytes } = this.#settings;
    if (bytes > maxBytes) {
      throw new Error(`it has ${bytes} bytes, more than the cache's maxBytes of ${maxBytes}`);
    }
    const { node } = this.#place();
    await file.appendFile(encodeTrailer(bytes, info));
    // Else the name could outlive a loss of power, and the bytes not.
    await file.sync();
    await node.fs.rename(partPath, path);
  }

  /** Makes the new name last; removes what was used longest ago until all fits, but not what has that name. */
  async #evict(newest: string): Promise<void> {
    const { maxBytes, environment, random } = this.#settings;
    const { node, folder } = this.#place();
    await syncFolder(node, folder);
    const living = await livingOwners({ node, folder, environment, random, signal: undefined });
    const files: { readonly path: string; readonly size: number; readonly mtimeMs: number }[] = [];
    for (const name of await node.fs.readdir(folder)) {
      const path = node.join(folder, name);
      const isPart = name.endsWith(".part");
      if (!isPart && !name.endsWith(".entry")) continue;
      const stats = await unlessGone(node.fs.stat(path));
      if (stats === undefined || (isPart && living.has(ownerOf(name)))) continue;
      const isAbandoned = isPart && environment.now() - stats.mtimeMs > abandonedMs;
      if (isAbandoned) await removeIfPossible(node, path);
      else files.push({ path, size: stats.size, mtimeMs: stats.mtimeMs });
    }
    let total = files.reduce((sum, { size }) => sum + size, 0);
    for (const { path, size } of files.toSorted((a, b) => a.mtimeMs - b.mtimeMs)) {
      if (total <= maxBytes) return;
      if (path === newest) continue;
      if (await removeIfPossible(node, path)) total -= size;
    }
  }
}

/** Windows removes no file that somebody reads, and no user another's: the next commit tries again. */
async function removeIfPossible({ fs }: NodeFolder, path: string): Promise<boolean> {
  try {
    await unlessGone(fs.unlink(path));
    return true;
  } catch (error) {
    if (hasCode(error, "EPERM", "EBUSY", "EACCES")) return false;
    throw error;
  }
}

interface FolderWriterOptions {
  readonly node: NodeFolder;
  readonly path: string;
  readonly file: NodeFile;
  readonly size: number;
  readonly lock: FolderLock;
  /** Gives the file its name. */
  readonly commit: (info: CachedFileInfo, bytes: number) => Promise<void>;
  readonly evict: () => Promise<void>;
}

class FolderWriter implements CacheWriter {
  readonly partial: PartialFile | undefined;
  readonly #options: FolderWriterOptions;
  #bytes: number;
  #isCommitted = false;
  #closing: Promise<void> | undefined;

  constructor(options: FolderWriterOptions) {
    const { file, size } = options;
    this.#options = options;
    this.#bytes = size;
    this.partial = size === 0 ? undefined : { sizeBytes: size, chunks: () => chunksOf(file, size) };
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.#options.file.appendFile(bytes);
    this.#bytes += bytes.byteLength;
  }

  async discard(): Promise<void> {
    // What has its name is others' now.
    if (this.#isCommitted) return;
    await this.#options.file.truncate(0);
    this.#bytes = 0;
  }

  async commit(info: CachedFileInfo): Promise<void> {
    await this.#options.commit(info, this.#bytes);
    this.#isCommitted = true;
    await this.#options.evict();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { node, path, file, lock } = this.#options;
    try {
      await file.close();
      if (!this.#isCommitted && this.#bytes === 0) await unlessGone(node.fs.unlink(path));
    } finally {
      await lock.release();
    }
  }
}

/**
 * Takes over the longest of what earlier writers of the key left behind, and removes the others. It is
 * copied unless its writer is known to be dead: one that was only taken for dead may still write.
 */
async function adoptPartial(node: NodeFolder, folder: string, key: string, path: string): Promise<void> {
  const names = (await node.fs.readdir(folder)).filter(
    (name) => name.startsWith(`${key}.`) && name.endsWith(".part"),
  );
  const found = await Promise.all(
    names.map(async (name) => {
      const from = node.join(folder, name);
      return { name, from, size: (await unlessGone(node.fs.stat(from)))?.size ?? 0 };
    }),
  );
  const [longest, ...others] = found.toSorted((a, b) => b.size - a.size);
  if (longest !== undefined && longest.size > 0) {
    if (isDead(ownerOf(longest.name), node)) await unlessGone(node.fs.rename(longest.from, path));
    // As a clone, where the file system has them.
    else await unlessGone(node.fs.copyFile(longest.from, path, cloneIfPossible));
  }
  for (const { from } of [...(longest === undefined ? [] : [longest]), ...others]) {
    await unlessGone(node.fs.unlink(from));
  }
}

/** How many bytes of the artifact there are, without what follows them if the writer was stopped in its last step. */
async function sizeOfPartial(file: NodeFile): Promise<number> {
  const { size } = await file.stat();
  const whole = await readCachedFile(file);
  if (whole === undefined) return size;
  await file.truncate(whole.sizeBytes);
  return whole.sizeBytes;
}

/** `COPYFILE_FICLONE`. */
const cloneIfPossible = 2;

/** So that the new name survives a loss of power. Not every system can. */
async function syncFolder(node: NodeFolder, folder: string): Promise<void> {
  const handle = await node.fs.open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
