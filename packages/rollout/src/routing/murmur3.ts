const c1 = 0xcc9e2d51 | 0;
const c2 = 0x1b873593;

/**
 * MurmurHash3, x86, 32 bits, of a text's UTF-8 bytes. Nothing is allocated.
 *
 * A surrogate without its partner counts as U+FFFD, as `TextEncoder` writes it.
 *
 * @param seed - 32 bits; what is above is cut.
 * @returns A whole number in [0, 2³²).
 * @see Austin Appleby, MurmurHash3_x86_32 (public domain).
 */
export function murmur3(text: string, seed: number): number {
  let hash = seed | 0;
  let byteCount = 0;
  // Bytes that do not fill a word yet, the first one lowest, and how many bits they are.
  let word = 0;
  let filledBits = 0;

  for (let index = 0; index < text.length; index += 1) {
    let code = text.charCodeAt(index);
    // The bytes of this character, the first one lowest.
    let bytes = code;
    let bits = 8;
    if (code >= 0x80) {
      if (code >= 0xd800 && code <= 0xdfff) {
        const next = code <= 0xdbff ? text.charCodeAt(index + 1) : Number.NaN;
        if (next >= 0xdc00 && next <= 0xdfff) {
          code = ((code - 0xd800) << 10) + (next - 0xdc00) + 0x10000;
          index += 1;
        } else code = 0xfffd;
      }
      if (code < 0x800) {
        bytes = 0xc0 | (code >> 6) | (tailByte(code) << 8);
        bits = 16;
      } else if (code < 0x10000) {
        bytes = 0xe0 | (code >> 12) | (tailByte(code >> 6) << 8) | (tailByte(code) << 16);
        bits = 24;
      } else {
        bytes =
          0xf0 |
          (code >> 18) |
          (tailByte(code >> 12) << 8) |
          (tailByte(code >> 6) << 16) |
          (tailByte(code) << 24);
        bits = 32;
      }
    }
    byteCount += bits >> 3;
    word |= bytes << filledBits;
    filledBits += bits;
    if (filledBits < 32) continue;
    hash = (Math.imul(rotateLeft(hash ^ scramble(word), 13), 5) + 0xe6546b64) | 0;
    filledBits -= 32;
    // Where nothing is left, `>>> bits` could be `>>> 32`, which shifts by nothing.
    word = filledBits === 0 ? 0 : bytes >>> (bits - filledBits);
  }

  if (filledBits > 0) hash ^= scramble(word);
  hash ^= byteCount;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function tailByte(code: number): number {
  return 0x80 | (code & 0x3f);
}

function rotateLeft(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

function scramble(word: number): number {
  return Math.imul(rotateLeft(Math.imul(word, c1), 15), c2);
}
