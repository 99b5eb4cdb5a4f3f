/**
 * Four well-mixed 32-bit words from a seed, so that seeds that differ in one bit start streams that
 * have nothing in common: a Weyl sequence through the finalizer of MurmurHash3, which is a
 * bijection, so that the words cannot all be zero.
 *
 * @param seed - A safe integer; the sign and all 53 bits count.
 */
export function seedState(seed: number): Uint32Array {
  const low = seed >>> 0;
  const high = Math.floor(seed / 2 ** 32) | 0;
  const state = new Uint32Array(4);
  let weyl = mix(low ^ mix(high));
  for (let index = 0; index < 4; index += 1) {
    weyl = (weyl + 0x9e3779b9) >>> 0;
    state[index] = mix(weyl);
  }
  return state;
}

function mix(word: number): number {
  let mixed = word;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
