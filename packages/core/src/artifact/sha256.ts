import { builtinModule } from "../worker/builtin-module.ts";

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

/**
 * What makes such hashes: the host's own implementation where it streams, as Node's does. Web
 * Crypto's takes whole files only, so that a browser loads one in JavaScript.
 */
export async function sha256Maker(): Promise<() => StreamingSha256> {
  const crypto = builtinModule<NodeCrypto>("node:crypto");
  if (crypto === undefined) {
    const { PortableSha256 } = await import("./portable-sha256.ts");
    return () => new PortableSha256();
  }
  return () => {
    const hash = crypto.createHash("sha256");
    return {
      update: (bytes) => void hash.update(bytes),
      digestHex: () => hash.digest("hex"),
    };
  };
}

/** The SHA-256 of `bytes` as 64 lower-case hexadecimal digits. */
export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) {
    const hash = (await sha256Maker())();
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
