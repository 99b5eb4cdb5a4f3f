import { UnsupportedError } from "../errors/unsupported-error.ts";

/**
 * The SHA-256 of `bytes` as 64 lower-case hexadecimal digits.
 *
 * @throws UnsupportedError `UNSUPPORTED` where the host has no Web Crypto, as on a page served
 *   without TLS.
 */
export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) {
    throw new UnsupportedError({
      feature: "Checking a SHA-256 without Web Crypto",
      remedy: "Serve the page over HTTPS or from localhost.",
    });
  }
  // Web Crypto takes no view of shared memory: such bytes are copied first.
  const source = bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : bytes.slice();
  const digest = new Uint8Array(await subtle.digest("SHA-256", source));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
