import { builtinModule } from "../worker/builtin-module.ts";
import { PortableSha256 } from "./portable-sha256.ts";

/** A SHA-256 that is computed as the bytes come. */
export interface StreamingSha256 {
  update(bytes: Uint8Array): void;
  /** 64 lower-case hexadecimal digits. To be called once, last. */
  digestHex(): string;
}

/** The part of `node:crypto` that is used; Deno and Bun have it too. */
interface NodeCrypto {
  createHash(algorithm: "sha256"): {
    update(bytes: Uint8Array): unknown;
    digest(encoding: "hex"): string;
  };
}

/** The host's own implementation where it streams, as Node's does; Web Crypto's takes whole files only. */
export function createSha256(): StreamingSha256 {
  const hash = builtinModule<NodeCrypto>("node:crypto")?.createHash("sha256");
  if (hash === undefined) return new PortableSha256();
  return {
    update: (bytes) => void hash.update(bytes),
    digestHex: () => hash.digest("hex"),
  };
}

/** The SHA-256 of `bytes` as 64 lower-case hexadecimal digits. */
export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) {
    const hash = createSha256();
    hash.update(bytes);
    return hash.digestHex();
  }
  // Web Crypto takes no view of shared memory: such bytes are copied first.
  const source = bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : bytes.slice();
  return toHex(new Uint8Array(await subtle.digest("SHA-256", source)));
}

function toHex(digest: Uint8Array): string {
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
