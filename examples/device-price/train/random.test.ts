import { expect, test } from "vitest";

import { createRandom, shuffled } from "./random.ts";

test("the sequence of a seed is a contract", () => {
  const random = createRandom(1);
  // The first outputs of the reference implementation, as 32-bit integers.
  expect([random(), random(), random()].map((value) => value * 2 ** 32)).toEqual([
    2693262067, 11749833, 2265367787,
  ]);
});

test("the numbers are uniform in [0, 1)", () => {
  const random = createRandom(7);
  const counts = Array.from({ length: 10 }, () => 0);
  for (let i = 0; i < 10_000; i++) counts[Math.floor(random() * 10)]! += 1;
  // Each count is binomial with a standard deviation of 30.
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(5 * 30);
});

test("shuffling keeps every item and leaves the original alone", () => {
  const items = Array.from({ length: 100 }, (_, i) => i);
  const result = shuffled(items, createRandom(3));
  expect(result).not.toEqual(items);
  expect(result.toSorted((a, b) => a - b)).toEqual(items);
});

test("every order of three comes up equally often", () => {
  const random = createRandom(11);
  const counts = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = shuffled("abc", random).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  // Binomial with a standard deviation of 29.
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(5 * 29);
});
