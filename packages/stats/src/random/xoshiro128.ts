/**
 * The generator xoshiro128** 1.1: 32 bits at a time from 128 bits of state, period 2¹²⁸ - 1.
 *
 * Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM Transactions on
 * Mathematical Software 47 (2021). Not for secrets: its outputs give its state away.
 */
export class Xoshiro128 {
  readonly #state: Uint32Array;

  /** @param state - Four 32-bit words, not all zero; copied. */
  constructor(state: ArrayLike<number>) {
    this.#state = Uint32Array.from(state);
  }

  /** The next 32 bits, as an integer in [0, 2³²). */
  next(): number {
    const state = this.#state;
    const s0 = state[0]!;
    const s1 = state[1]!;
    const s2 = state[2]! ^ s0;
    const s3 = state[3]! ^ s1;
    const scaled = Math.imul(s1, 5);
    const result = Math.imul((scaled << 7) | (scaled >>> 25), 9);
    state[0] = s0 ^ s3;
    state[1] = s1 ^ s2;
    state[2] = s2 ^ (s1 << 9);
    state[3] = (s3 << 11) | (s3 >>> 21);
    return result >>> 0;
  }

  /** A generator with this one's present state. */
  copy(): Xoshiro128 {
    return new Xoshiro128(this.#state);
  }

  /** Moves on by 2⁶⁴ numbers, further than anybody counts. */
  jump(): void {
    const jumped = new Uint32Array(4);
    for (const word of jumpPolynomial) {
      for (let bit = 0; bit < 32; bit += 1) {
        if ((word & (1 << bit)) !== 0) {
          for (let index = 0; index < 4; index += 1) jumped[index]! ^= this.#state[index]!;
        }
        this.next();
      }
    }
    this.#state.set(jumped);
  }
}

/** The coefficients with which the authors' `jump()` moves on by 2⁶⁴ numbers. */
const jumpPolynomial = [0x8764000b, 0xf542d2d3, 0x6fa035c3, 0x77f2db5b] as const;
