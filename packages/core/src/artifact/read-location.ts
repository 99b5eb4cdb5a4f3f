import { AbortedError } from "../errors/aborted-error.ts";
import { MlopsError } from "../errors/mlops-error.ts";
import { ModelLoadError } from "../errors/model-load-error.ts";
import type { ReadOptions } from "./artifact.ts";
import type { ArtifactCache } from "./cache/artifact-cache.ts";
import { ByteCollector } from "./byte-collector.ts";
import { checkFile } from "./check-file.ts";
import type { DeclaredFile } from "./declared-file.ts";
import { describeFileProblem } from "./describe-file-problem.ts";
import { downloadChecked } from "./download-checked.ts";
import type { DownloadSettings } from "./download-options.ts";
import { hasScheme } from "./has-scheme.ts";
import { HashingCollector } from "./hashing-collector.ts";
import { nodeFileSystem } from "./node-file-system.ts";
import { publicLocation } from "./public-location.ts";
import { readFile } from "./read-file.ts";
import { sha256Hex, sha256Maker } from "./sha256.ts";
import type { Warning } from "../warning.ts";

/** Options of {@link readLocation}. */
export interface ReadLocationOptions extends ReadOptions {
  readonly declared: DeclaredFile;
  readonly settings: DownloadSettings;
  readonly cache?: ArtifactCache | undefined;
  readonly onWarning?: ((warning: Warning) => void) | undefined;
}

/**
 * Reads all bytes at a path or URL, and checks them: by the file system where the host has one and the
 * location is a path or `file:` URL, by `fetch` otherwise.
 *
 * @throws ModelLoadError `MODEL_LOAD_FAILED` when it cannot be read.
 * @throws IntegrityError `INTEGRITY_MISMATCH` when the bytes are not the declared ones.
 * @throws AbortedError `ABORTED` when `signal` was aborted.
 */
export async function readLocation(source: string | URL, options: ReadLocationOptions): Promise<Uint8Array> {
  const text = source.toString();
  const location = publicLocation(text);
  const isFile = /^file:/i.test(text);
  const fileSystem = isFile || !hasScheme(text) ? nodeFileSystem() : undefined;
  const { declared, settings, signal, onProgress } = options;
  const { sizeBytes } = declared;
  try {
    signal?.throwIfAborted();
    if (fileSystem !== undefined) {
      const path = isFile ? new URL(text) : text;
      const { maxBytes } = settings;
      const bytes = await readFile(fileSystem, path, { signal, onProgress, sizeBytes, maxBytes });
      const sha256 = declared.sha256 && (await sha256Hex(bytes));
      return checkFile({ bytes, sha256 }, declared, location);
    }
    const isChecked = declared.sha256 !== undefined;
    const request = { source: text, location, settings, sizeBytes, isChecked, signal, onProgress };
    const isRemote = !/^(?:data|blob|file):/i.test(text);
    if (options.cache !== undefined && isRemote) {
      const { readCached } = await import("./read-cached.ts");
      return await readCached(request, options.cache, options);
    }
    const sink = isChecked ? new HashingCollector(await sha256Maker()) : new ByteCollector();
    // A request without a condition is always answered by the file.
    return (await downloadChecked({ ...request, sink, unlessEtag: undefined }, declared))!.bytes;
  } catch (cause) {
    if (signal?.aborted) throw new AbortedError({ stage: "loading", cause: signal.reason });
    if (MlopsError.isInstance(cause)) throw cause;
    throw new ModelLoadError({ location, problem: describeFileProblem(cause), cause });
  }
}
