/**
 * Uniform numbers in [0, 1) with 32 bits each, the same on every machine for the same seed:
 * Mulberry32, good enough to fill weights with, with a period of 2³².
 *
 * @param seed - A 32-bit unsigned integer.
 */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
