import { IntegrityError } from "../errors/integrity-error.ts";
import { ModelLoadError } from "../errors/model-load-error.ts";
import type { ReadOptions } from "./artifact.ts";
import type { NodeFileSystem } from "./node-file-system.ts";

/** Options of {@link readFile}. */
export interface ReadFileOptions extends ReadOptions {
  /** The declared size: more than that is not read. */
  readonly sizeBytes: number | undefined;
  readonly maxBytes: number;
}

const chunkBytes = 4 * 1024 * 1024;

/**
 * Reads all bytes of a file.
 *
 * @throws ModelLoadError `MODEL_LOAD_FAILED` when it is larger than `maxBytes`.
 * @throws IntegrityError `INTEGRITY_MISMATCH` when there is more than the declared size.
 */
export async function readFile(
  fileSystem: NodeFileSystem,
  path: string | URL,
  { signal, onProgress, sizeBytes = Infinity, maxBytes }: ReadFileOptions,
): Promise<Uint8Array> {
  const location = path.toString();
  const file = await fileSystem.open(path, "r");
  try {
    const totalBytes = (await file.stat()).size;
    if (totalBytes > sizeBytes) {
      throw new IntegrityError({ location, property: "sizeBytes", expected: sizeBytes, actual: totalBytes });
    }
    if (totalBytes > maxBytes) {
      const problem = `it has ${totalBytes} bytes, and \`maxBytes\` is ${maxBytes}; raise it if the file is meant to be as large`;
      throw new ModelLoadError({ location, problem, reason: "too-large" });
    }
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
