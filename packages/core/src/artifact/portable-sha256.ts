import type { StreamingSha256 } from "./sha256.ts";

const blockBytes = 64;

/**
 * SHA-256 in plain JavaScript, for hosts without one that streams.
 *
 * @see https://doi.org/10.6028/NIST.FIPS.180-4 sections 4.1.2, 5.1.1, 5.3.3 and 6.2
 */
export class PortableSha256 implements StreamingSha256 {
  readonly #state: Int32Array;
  readonly #constants: Int32Array;
  readonly #schedule = new Int32Array(64);
  readonly #pending = new Uint8Array(blockBytes);
  #pendingBytes = 0;
  #totalBytes = 0;

  constructor() {
    const primes = firstPrimes(64);
    this.#state = Int32Array.from(primes.slice(0, 8), (prime) => fractionBits(Math.sqrt(prime)));
    this.#constants = Int32Array.from(primes, (prime) => fractionBits(Math.cbrt(prime)));
  }

  update(bytes: Uint8Array): void {
    this.#totalBytes += bytes.byteLength;
    let offset = 0;
    if (this.#pendingBytes > 0) {
      offset = Math.min(blockBytes - this.#pendingBytes, bytes.byteLength);
      this.#pending.set(bytes.subarray(0, offset), this.#pendingBytes);
      this.#pendingBytes += offset;
      if (this.#pendingBytes < blockBytes) return;
      this.#compress(this.#pending, 0);
      this.#pendingBytes = 0;
    }
    for (; offset + blockBytes <= bytes.byteLength; offset += blockBytes) this.#compress(bytes, offset);
    this.#pending.set(bytes.subarray(offset));
    this.#pendingBytes = bytes.byteLength - offset;
  }

  digestHex(): string {
    const lengthAt = this.#pendingBytes < 56 ? 56 : 56 + blockBytes;
    const padding = new Uint8Array(lengthAt + 8 - this.#pendingBytes);
    padding[0] = 0x80;
    const length = new DataView(padding.buffer, padding.byteLength - 8);
    length.setUint32(0, Math.floor(this.#totalBytes / 2 ** 29));
    length.setUint32(4, (this.#totalBytes * 8) % 2 ** 32);
    this.update(padding);
    return Array.from(this.#state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }

  #compress(bytes: Uint8Array, offset: number): void {
    // Held here, as the loops below take all the time there is.
    const words = this.#schedule;
    const constants = this.#constants;
    for (let index = 0; index < 16; index += 1) {
      const at = offset + 4 * index;
      words[index] = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
    }
    for (let index = 16; index < 64; index += 1) {
      const early = words[index - 15]!;
      const late = words[index - 2]!;
      const s0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
      const s1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
      words[index] = words[index - 16]! + s0 + words[index - 7]! + s1;
    }
    const state = this.#state;
    let a = state[0]!;
    let b = state[1]!;
    let c = state[2]!;
    let d = state[3]!;
    let e = state[4]!;
    let f = state[5]!;
    let g = state[6]!;
    let h = state[7]!;
    for (let index = 0; index < 64; index += 1) {
      const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
      const choice = (e & f) ^ (~e & g);
      const first = (h + s1 + choice + constants[index]! + words[index]!) | 0;
      const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
      const majority = (a & b) ^ (a & c) ^ (b & c);
      h = g;
      g = f;
      f = e;
      e = (d + first) | 0;
      d = c;
      c = b;
      b = a;
      a = (first + s0 + majority) | 0;
    }
    state[0]! += a;
    state[1]! += b;
    state[2]! += c;
    state[3]! += d;
    state[4]! += e;
    state[5]! += f;
    state[6]! += g;
    state[7]! += h;
  }
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

/** The first 32 bits of the fraction. */
function fractionBits(value: number): number {
  return Math.floor((value % 1) * 2 ** 32) | 0;
}

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < count; candidate += 1) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  return primes;
}
