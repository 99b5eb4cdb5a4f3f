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
