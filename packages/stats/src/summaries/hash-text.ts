/** Two independent 32-bit halves. */
export interface Hash64 {
  readonly high: number;
  readonly low: number;
}

/**
 * A 64-bit hash of a text's UTF-16 code units, the same on every machine and in every version: what
 * was counted with it merges with what is counted later. Not for secrets: collisions can be made
 * on purpose.
 *
 * Two lanes, each xor and multiply per code unit, and the finalizer of MurmurHash3.
 */
export function hashText(text: string): Hash64 {
  let high = 0x9e3779b9 ^ text.length;
  let low = 0x243f6a88;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 0xcc9e2d51);
    high = (high << 15) | (high >>> 17);
    low = Math.imul(low ^ unit, 0x1b873593);
    low = (low << 13) | (low >>> 19);
  }
  high ^= low;
  return { high: finalized(high), low: finalized(low + Math.imul(high, 5)) };
}

function finalized(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
