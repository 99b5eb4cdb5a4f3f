import { AbortedError } from "../errors/aborted-error.ts";
import { IntegrityError } from "../errors/integrity-error.ts";
import { MlopsError } from "../errors/mlops-error.ts";
import { ModelLoadError } from "../errors/model-load-error.ts";
import type { ReadOptions } from "./artifact.ts";
import { nodeFileSystem, type NodeFileSystem } from "./node-file-system.ts";

/** Options of {@link readLocation}. */
export interface ReadLocationOptions extends ReadOptions {
  /** The declared size: more than that is not read. */
  readonly sizeBytes?: number | undefined;
}

/**
 * Reads all bytes at a path or URL: by the file system where the host has one and the location
 * is a path or `file:` URL, by `fetch` otherwise.
 *
 * @throws ModelLoadError `MODEL_LOAD_FAILED` when it cannot be read.
 * @throws IntegrityError `INTEGRITY_MISMATCH` when there is more than the declared size.
 * @throws AbortedError `ABORTED` when `signal` was aborted.
 */
export async function readLocation(source: string | URL, options: ReadLocationOptions): Promise<Uint8Array> {
  const location = source.toString();
  const isFile = location.startsWith("file:");
  const fileSystem = isFile || !hasScheme(location) ? nodeFileSystem() : undefined;
  try {
    options.signal?.throwIfAborted();
    return await (fileSystem === undefined
      ? readByFetch(location, options)
      : readFile(fileSystem, isFile ? new URL(location) : location, options));
  } catch (cause) {
    if (options.signal?.aborted) throw new AbortedError({ stage: "loading", cause: options.signal.reason });
    if (MlopsError.isInstance(cause)) throw cause;
    throw new ModelLoadError({ location, problem: describe(cause), cause });
  }
}

/** Whether a location is a URL and no path. A scheme of one letter is a drive: `C:\models`. */
export function hasScheme(location: string): boolean {
  return /^[a-z][a-z0-9+.-]+:/i.test(location);
}

async function readFile(
  fileSystem: NodeFileSystem,
  path: string | URL,
  { signal, onProgress, sizeBytes = Infinity }: ReadLocationOptions,
): Promise<Uint8Array> {
  const file = await fileSystem.open(path, "r");
  try {
    const totalBytes = (await file.stat()).size;
    if (totalBytes > sizeBytes) throw tooLarge(path.toString(), sizeBytes, totalBytes);
    const bytes = new Uint8Array(totalBytes);
    let loadedBytes = 0;
    while (loadedBytes < bytes.byteLength) {
      signal?.throwIfAborted();
      const length = Math.min(chunkBytes, bytes.byteLength - loadedBytes);
      const { bytesRead } = await file.read(bytes, loadedBytes, length, loadedBytes);
      if (bytesRead === 0) break;
      loadedBytes += bytesRead;
      onProgress?.({ loadedBytes, totalBytes });
    }
    return bytes.subarray(0, loadedBytes);
  } finally {
    await file.close();
  }
}

const chunkBytes = 4 * 1024 * 1024;

async function readByFetch(
  location: string,
  { signal, onProgress, sizeBytes = Infinity }: ReadLocationOptions,
): Promise<Uint8Array> {
  const response = await fetch(location, signal === undefined ? {} : { signal });
  if (!response.ok) {
    await response.body?.cancel();
    const problem = `the server answered ${response.status} ${response.statusText}`.trimEnd();
    throw new ModelLoadError({ location, problem });
  }
  const declaredLength = Number(response.headers.get("content-length") ?? Number.NaN);
  // A compressed body is longer once decoded than its declared length.
  const isPlain = response.headers.get("content-encoding") === null;
  const totalBytes = isPlain && Number.isFinite(declaredLength) ? declaredLength : undefined;
  const chunks: Uint8Array[] = [];
  let loadedBytes = 0;
  const reader = response.body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    loadedBytes += value.byteLength;
    if (loadedBytes > sizeBytes) {
      await reader.cancel();
      throw tooLarge(location, sizeBytes, totalBytes ?? `at least ${loadedBytes}`);
    }
    onProgress?.({ loadedBytes, totalBytes });
  }
  return concatenate(chunks, loadedBytes);
}

function tooLarge(location: string, expected: number, actual: number | string): IntegrityError {
  return new IntegrityError({ location, property: "sizeBytes", expected, actual });
}

function concatenate(chunks: readonly Uint8Array[], totalBytes: number): Uint8Array {
  const bytes = new Uint8Array(totalBytes);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

function describe(cause: unknown): string {
  const code = typeof cause === "object" && cause !== null ? Reflect.get(cause, "code") : undefined;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "it is a folder, not a file";
  if (code === "EACCES") return "this process may not read it";
  const message = cause instanceof Error ? cause.message : String(cause);
  const reason = cause instanceof Error && cause.cause instanceof Error ? `: ${cause.cause.message}` : "";
  return message + reason;
}
