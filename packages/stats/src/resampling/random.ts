import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";

/**
 * A source of numbers drawn evenly from [0, 1), such as `createRandom(seed)`: seeded, so that the same data
 * gives the same answer tomorrow. `Math.random` has the right shape, but then the result changes from run to run.
 */
export type RandomSource = () => number;

/** A whole number from 0 up to, not including, `count`. */
export function randomIndex(random: RandomSource, count: number): number {
  const drawn = random();
  if (drawn >= 0 && drawn < 1) return Math.floor(drawn * count);
  throw new InvalidArgumentError(`random gave ${drawn}; pass a function that returns numbers in [0, 1).`, {
    argument: "random",
  });
}

/** Puts `values` in an order drawn evenly from all orders, in place (Fisher and Yates). */
export function shuffle(
  values: { [index: number]: number; readonly length: number },
  random: RandomSource,
): void {
  for (let last = values.length - 1; last > 0; last -= 1) {
    const other = randomIndex(random, last + 1);
    const held = values[last] ?? 0;
    values[last] = values[other] ?? 0;
    values[other] = held;
  }
}
