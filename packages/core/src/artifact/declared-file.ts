import { IntegrityError } from "../errors/integrity-error.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";

/** What is known of a file before it is read. */
export interface DeclaredFile {
  /** The SHA-256 of its bytes, 64 hexadecimal digits. */
  readonly sha256?: string | undefined;
  /** Its size in bytes. */
  readonly sizeBytes?: number | undefined;
}

/** The declaration with its hash in small letters. */
export function resolveDeclared({ sha256, sizeBytes }: DeclaredFile): DeclaredFile {
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(sha256)) {
    throw new InvalidOptionsError({ option: "sha256", problem: "has to be 64 hexadecimal digits" });
  }
  return { sha256: sha256?.toLowerCase(), sizeBytes };
}

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
