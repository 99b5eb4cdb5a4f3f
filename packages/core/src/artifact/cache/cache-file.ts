import type { CachedFile, CachedFileInfo } from "./artifact-cache.ts";
import type { NodeFile } from "./node-folder.ts";

// A cached file on disk: the bytes of the artifact; what is known of them, as JSON; the length of
// that JSON in 4 bytes, little-endian; 8 bytes that say what it is.
const magic = "MLOPSAC1";
const footerBytes = 4 + magic.length;
const maxInfoBytes = 64 * 1024;
const chunkBytes = 1024 * 1024;

/** What follows the bytes of an artifact. */
export function encodeTrailer(sizeBytes: number, { sha256, etag }: CachedFileInfo): Uint8Array {
  const info = new TextEncoder().encode(JSON.stringify({ sizeBytes, sha256, etag }));
  const trailer = new Uint8Array(info.byteLength + footerBytes);
  trailer.set(info);
  new DataView(trailer.buffer).setUint32(info.byteLength, info.byteLength, true);
  trailer.set(new TextEncoder().encode(magic), info.byteLength + 4);
  return trailer;
}

/** Reads what an open file says of itself; `undefined` when it is not whole, or no cached file. */
export async function readCachedFile(file: NodeFile): Promise<CachedFile | undefined> {
  const { size } = await file.stat();
  if (size < footerBytes) return undefined;
  const footer = await readAt(file, size - footerBytes, footerBytes);
  if (new TextDecoder().decode(footer.subarray(4)) !== magic) return undefined;
  const infoBytes = new DataView(footer.buffer).getUint32(0, true);
  const sizeBytes = size - footerBytes - infoBytes;
  if (infoBytes > maxInfoBytes || sizeBytes < 0) return undefined;
  const info = parse(await readAt(file, sizeBytes, infoBytes));
  if (info === undefined || info.sizeBytes !== sizeBytes) return undefined;
  return {
    sizeBytes,
    sha256: info.sha256,
    etag: info.etag,
    chunks: () => chunksOf(file, sizeBytes),
    close: () => file.close(),
  };
}

/** The first `sizeBytes` bytes of a file, in order. */
export async function* chunksOf(file: NodeFile, sizeBytes: number): AsyncGenerator<Uint8Array, void, void> {
  for (let offset = 0; offset < sizeBytes;) {
    const chunk = await readAt(file, offset, Math.min(chunkBytes, sizeBytes - offset));
    if (chunk.byteLength === 0) throw new Error("the cached file is shorter than it was");
    offset += chunk.byteLength;
    yield chunk;
  }
}

async function readAt(file: NodeFile, position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  const { bytesRead } = await file.read(bytes, 0, length, position);
  return bytes.subarray(0, bytesRead);
}

function parse(json: Uint8Array): (CachedFileInfo & { readonly sizeBytes: number }) | undefined {
  try {
    const info: unknown = JSON.parse(new TextDecoder().decode(json));
    if (typeof info !== "object" || info === null) return undefined;
    const { sizeBytes, sha256, etag } = info as Record<string, unknown>;
    if (typeof sizeBytes !== "number" || typeof sha256 !== "string") return undefined;
    return { sizeBytes, sha256, etag: typeof etag === "string" ? etag : undefined };
  } catch {
    return undefined;
  }
}
