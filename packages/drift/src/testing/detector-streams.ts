import { createRandom } from "@mlops/stats";

/** The values of a stream, one after the other. */
export type DetectorStream = Generator<number, void>;

/** Normal values with standard deviation 1, in parts of a count and a mean. */
export function* normalStream(
  seed: number,
  parts: readonly (readonly [count: number, mean: number])[],
): DetectorStream {
  const random = createRandom(seed);
  for (const [count, mean] of parts) {
    for (let index = 0; index < count; index += 1) yield random.normal(mean);
  }
}

/** Errors, in parts of a count and an error rate. */
export function* errorStream(
  seed: number,
  parts: readonly (readonly [count: number, rate: number])[],
): DetectorStream {
  const random = createRandom(seed);
  for (const [count, rate] of parts) {
    for (let index = 0; index < count; index += 1) yield random() < rate ? 1 : 0;
  }
}

/** Nothing but zeros. */
export function* constantStream(count: number): DetectorStream {
  for (let index = 0; index < count; index += 1) yield 0;
}
