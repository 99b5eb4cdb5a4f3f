/** A source of uniform numbers in [0, 1). */
export type Random = () => number;

/**
 * Mulberry32: uniform numbers in [0, 1) with 32 bits each and a period of 2³², the same on every
 * machine for the same seed.
 *
 * @param seed - An integer; its lower 32 bits count.
 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A shuffled copy, every order equally likely (Fisher and Yates). */
export function shuffled<Item>(items: Iterable<Item>, random: Random): Item[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [result[last], result[other]] = [result[other]!, result[last]!];
  }
  return result;
}
