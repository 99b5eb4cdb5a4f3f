const size = 624;
const middle = 397;

/** The random numbers of Python's `random.Random(seed)` for a whole number as the seed (MT19937). */
export class MersenneTwister {
  readonly #words = new Uint32Array(size);
  #place = size;

  /** @param seed - From 0 to 2^53 - 1. */
  constructor(seed: number) {
    const low = seed >>> 0;
    const high = Math.floor(seed / 2 ** 32);
    this.#seedBy(high === 0 ? [low] : [low, high]);
  }

  /** `count` random bits, from 1 to 32. */
  bits(count: number): number {
    return this.#next() >>> (32 - count);
  }

  /** Uniform among 0 … below - 1. */
  below(below: number): number {
    const count = 32 - Math.clz32(below);
    let drawn = this.bits(count);
    while (drawn >= below) drawn = this.bits(count);
    return drawn;
  }

  /** `count` different whole numbers of 0 … population - 1, as `Random.sample(range(population), count)`. */
  sample(population: number, count: number, into: Int32Array, pool: Int32Array): void {
    // Python keeps either the rest of the population or a set of what is taken, whichever is smaller.
    const setSize = 21 + (count > 5 ? 4 ** Math.ceil(Math.log(count * 3) / Math.log(4)) : 0);
    if (population <= setSize) {
      for (let index = 0; index < population; index += 1) pool[index] = index;
      for (let index = 0; index < count; index += 1) {
        const drawn = this.below(population - index);
        into[index] = pool[drawn]!;
        pool[drawn] = pool[population - index - 1]!;
      }
      return;
    }
    const taken = new Set<number>();
    for (let index = 0; index < count; index += 1) {
      let drawn = this.below(population);
      while (taken.has(drawn)) drawn = this.below(population);
      taken.add(drawn);
      into[index] = drawn;
    }
  }

  save(): number[] {
    return [...this.#words, this.#place];
  }

  /** @param state - What `save` gave. */
  load(state: readonly number[]): void {
    if (state.length !== size + 1) throw new TypeError(`the random state has ${state.length} numbers`);
    this.#words.set(state.slice(0, size));
    this.#place = state[size]!;
  }

  #seedBy(key: readonly number[]): void {
    const words = this.#words;
    words[0] = 19650218;
    for (let index = 1; index < size; index += 1) {
      const last = words[index - 1]! ^ (words[index - 1]! >>> 30);
      words[index] = Math.imul(1812433253, last) + index;
    }
    let index = 1;
    let keyIndex = 0;
    for (let round = size; round > 0; round -= 1) {
      const last = words[index - 1]! ^ (words[index - 1]! >>> 30);
      words[index] = (words[index]! ^ Math.imul(last, 1664525)) + key[keyIndex]! + keyIndex;
      index += 1;
      keyIndex = (keyIndex + 1) % key.length;
      if (index >= size) {
        words[0] = words[size - 1]!;
        index = 1;
      }
    }
    for (let round = size - 1; round > 0; round -= 1) {
      const last = words[index - 1]! ^ (words[index - 1]! >>> 30);
      words[index] = (words[index]! ^ Math.imul(last, 1566083941)) - index;
      index += 1;
      if (index >= size) {
        words[0] = words[size - 1]!;
        index = 1;
      }
    }
    words[0] = 0x80000000;
    this.#place = size;
  }

  #next(): number {
    if (this.#place >= size) this.#twist();
    let word = this.#words[this.#place]!;
    this.#place += 1;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  #twist(): void {
    const words = this.#words;
    for (let index = 0; index < size; index += 1) {
      const mixed = (words[index]! & 0x80000000) | (words[(index + 1) % size]! & 0x7fffffff);
      const odd = (mixed & 1) === 1 ? 0x9908b0df : 0;
      words[index] = words[(index + middle) % size]! ^ (mixed >>> 1) ^ odd;
    }
    this.#place = 0;
  }
}
