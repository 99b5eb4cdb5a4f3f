import { IntegrityError } from "../errors/integrity-error.ts";
import type { DeclaredFile } from "./declared-file.ts";
import { sha256Hex } from "./sha256.ts";

/** Gives the bytes, or throws when they are not the declared ones. */
export function checkFile(
  { bytes, sha256 }: { readonly bytes: Uint8Array; readonly sha256: string | undefined },
  declared: DeclaredFile,
  location: string,
): Uint8Array {
  const { sizeBytes = bytes.byteLength, sha256: expected = sha256 } = declared;
  if (bytes.byteLength !== sizeBytes) {
    const actual = bytes.byteLength;
    throw new IntegrityError({ location, property: "sizeBytes", expected: sizeBytes, actual });
  }
  if (expected !== undefined && sha256 !== undefined && sha256 !== expected) {
    throw new IntegrityError({ location, property: "sha256", expected, actual: sha256 });
  }
  return bytes;
}

/** As {@link checkFile}, of bytes whose hash is not known. */
export async function checkBytes(
  bytes: Uint8Array,
  declared: DeclaredFile,
  location: string,
): Promise<Uint8Array> {
  // The size first: it costs nothing.
  checkFile({ bytes, sha256: undefined }, declared, location);
  if (declared.sha256 === undefined) return bytes;
  return checkFile({ bytes, sha256: await sha256Hex(bytes) }, declared, location);
}
