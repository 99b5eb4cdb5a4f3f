import { createRandom, type Random } from "@mlops/stats";

/** How the values of a stream are drawn. */
export interface Stream {
  readonly title: string;
  /** Whether they are 0 and 1. */
  readonly isErrors: boolean;
  /** @param progress - From 0 at the first value to 1 behind the last. */
  readonly draw: (random: Random, progress: number) => number;
}

/** The values of a stream, the same for the same seed. */
export function* valuesOf({ draw }: Stream, seed: number, count: number): Generator<number, void> {
  const random = createRandom(seed);
  for (let index = 0; index < count; index += 1) yield draw(random, index / count);
}

const numbers = (title: string, draw: Stream["draw"]): Stream => ({ title, isErrors: false, draw });
const errors = (title: string, rate: (progress: number) => number): Stream => ({
  title,
  isErrors: true,
  draw: (random, progress) => (random() < rate(progress) ? 1 : 0),
});
const step = (before: number, after: number) => (progress: number) => (progress < 0.5 ? before : after);

export const stableStreams: readonly Stream[] = [
  numbers("N(0, 0.1)", (random) => random.normal(0, 0.1)),
  numbers("N(0, 1)", (random) => random.normal()),
  numbers("N(0, 10)", (random) => random.normal(0, 10)),
  numbers("t(2)", (random) => random.studentT(2)),
  errors("errors of 5 %", () => 0.05),
  errors("errors of 50 %", () => 0.5),
];

/** Each changes in its middle. */
export const changingStreams: readonly Stream[] = [
  numbers("mean + 0.5 σ", (random, progress) => random.normal(step(0, 0.5)(progress))),
  numbers("mean + 2 σ", (random, progress) => random.normal(step(0, 2)(progress))),
  numbers("spread doubled", (random, progress) => random.normal(0, step(1, 2)(progress))),
  errors("errors 5 % to 15 %", step(0.05, 0.15)),
  errors("errors 20 % to 50 %", step(0.2, 0.5)),
];
