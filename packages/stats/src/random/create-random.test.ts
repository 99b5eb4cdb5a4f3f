import { describe, expect, test } from "vitest";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { createRandom, type Random } from "./create-random.ts";
import fixtures from "./random.fixtures.json" with { type: "json" };
import { Xoshiro128 } from "./xoshiro128.ts";

const draws = 40_000;

describe("xoshiro128**", () => {
  test("gives what a second implementation gives", () => {
    const generator = new Xoshiro128(fixtures.start);
    expect(fixtures.outputs.map(() => generator.next())).toEqual(fixtures.outputs);
  });

  test("jumps by 2^64 numbers", () => {
    const generator = new Xoshiro128(fixtures.start);
    generator.jump();
    expect(fixtures.afterJump.map(() => generator.next())).toEqual(fixtures.afterJump);
  });
});

describe("createRandom", () => {
  // A change of these numbers changes the results of everybody's seeded runs.
  test("golden values", () => {
    expect([1, 2, -1, 0, 2 ** 40].map((seed) => createRandom(seed).bits())).toEqual([
      2639375342, 3212403724, 2025953387, 3809008728, 3152381891,
    ]);
    expect(createRandom(1)()).toBe(0.6145274621428378);
    expect(createRandom(7).shuffle([0, 1, 2, 3, 4, 5, 6, 7])).toEqual([1, 0, 5, 7, 3, 2, 6, 4]);
    expect(createRandom(7).sample("abcdefgh", 3)).toEqual(["e", "h", "a"]);
  });

  test("the same seed gives the same numbers, another seed others", () => {
    const first = createRandom(42);
    const second = createRandom(42);
    const other = createRandom(43);
    const numbers = Array.from({ length: 100 }, first);
    expect(Array.from({ length: 100 }, second)).toEqual(numbers);
    expect(Array.from({ length: 100 }, other).filter((number) => numbers.includes(number))).toEqual([]);
  });

  test("a fork has its own numbers, and both repeat", () => {
    const numbersOf = (random: Random): number[] => Array.from({ length: 200 }, () => random.normal());
    const first = createRandom(5);
    const fork = numbersOf(first.fork());
    const rest = numbersOf(first);
    expect(new Set([...fork, ...rest]).size).toBe(400);
    const again = createRandom(5);
    again.normal();
    const second = createRandom(5);
    expect(numbersOf(second.fork())).toEqual(fork);
    expect(numbersOf(second)).toEqual(rest);
  });

  test("neighbouring seeds are uncorrelated", () => {
    const pairs = Array.from({ length: draws }, (_, seed) => createRandom(seed)() - 0.5);
    const products = pairs.slice(1).map((value, index) => value * pairs[index]!);
    const correlation = products.reduce((sum, product) => sum + product, 0) / products.length / (1 / 12);
    expect(Math.abs(correlation)).toBeLessThan(4.5 / Math.sqrt(draws));
  });

  test.each([0.5, Number.NaN, Infinity, 2 ** 53])("a seed of %s is refused", (seed) => {
    expect(() => createRandom(seed)).toThrow(InvalidArgumentError);
  });
});

describe("samplers", () => {
  test.each(fixtures.laws)("$sampler($parameters) follows its distribution", (law) => {
    const random = createRandom(2024);
    const values = Array.from({ length: draws }, () => draw(random, law.sampler, law.parameters));
    for (const [index, level] of law.levels.entries()) {
      const share = values.filter((value) => value <= law.quantiles[index]!).length / draws;
      expect(Math.abs(share - level), `share up to ${law.quantiles[index]}`).toBeLessThan(
        4.5 * Math.sqrt((level * (1 - level)) / draws),
      );
    }
  });

  test("integers are uniform where a plain remainder would not be", () => {
    const random = createRandom(9);
    const below = 3 * 2 ** 30;
    const values = Array.from({ length: draws }, () => random.integer(below));
    const low = values.filter((value) => value < 2 ** 30).length / draws;
    expect(Math.abs(low - 1 / 3)).toBeLessThan(4.5 * Math.sqrt(2 / 9 / draws));
    const large = Array.from({ length: 1000 }, () => random.integer(2 ** 53 - 1));
    expect(large.every((value) => Number.isSafeInteger(value))).toBe(true);
    expect(large.some((value) => value > 2 ** 52)).toBe(true);
  });

  test("every order of three is as likely", () => {
    const random = createRandom(3);
    const orders = new Map<string, number>();
    for (let run = 0; run < draws; run += 1) {
      const order = random.shuffle([0, 1, 2]).join("");
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(6);
    for (const count of orders.values()) {
      expect(Math.abs(count / draws - 1 / 6)).toBeLessThan(4.5 * Math.sqrt(5 / 36 / draws));
    }
  });

  test("a sample has different items, each as likely", () => {
    const random = createRandom(4);
    const counts = new Float64Array(10);
    for (let run = 0; run < draws; run += 1) {
      const sample = random.sample([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 3);
      expect(new Set(sample).size).toBe(3);
      for (const item of sample) counts[item]! += 1;
    }
    for (const count of counts) {
      expect(Math.abs(count / draws - 0.3)).toBeLessThan(4.5 * Math.sqrt(0.21 / draws));
    }
    expect(random.sample([], 0)).toEqual([]);
  });

  test("extreme parameters stay in range", () => {
    const random = createRandom(6);
    for (let run = 0; run < 2_000; run += 1) {
      const beta = random.beta(1e-3, 1e-3);
      expect(beta >= 0 && beta <= 1).toBe(true);
      expect(random.gamma(1e-3)).toBeGreaterThanOrEqual(0);
    }
    expect(random.poisson(0)).toBe(0);
    expect(random.binomial(0, 0.5)).toBe(0);
    expect(random.binomial(10, 0)).toBe(0);
    expect(random.binomial(10, 1)).toBe(10);
    expect(random.binomial(2 ** 50, 1e-300)).toBe(0);
    expect(random.zipf(3, 1)).toBe(1);
    expect(random.normal(2, 0)).toBe(2);
  });

  test.each<[string, (random: Random) => unknown]>([
    ["below", (random) => random.integer(0)],
    ["below", (random) => random.integer(1.5)],
    ["mean", (random) => random.normal(Number.NaN)],
    ["standardDeviation", (random) => random.normal(0, -1)],
    ["rate", (random) => random.exponential(0)],
    ["shape", (random) => random.gamma(-1)],
    ["beta", (random) => random.beta(1, 0)],
    ["mean", (random) => random.poisson(-1)],
    ["probability", (random) => random.binomial(3, 1.1)],
    ["trials", (random) => random.binomial(-3, 0.1)],
    ["degreesOfFreedom", (random) => random.studentT(0)],
    ["scale", (random) => random.cauchy(0, Infinity)],
    ["size", (random) => random.zipf(1, 0)],
    ["count", (random) => random.sample([1], 2)],
  ])("refuses a wrong %s", (argument, act) => {
    expect(() => act(createRandom(1))).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT", argument }),
    );
  });
});

function draw(random: Random, sampler: string, parameters: readonly number[]): number {
  const [first = 0, second = 1] = parameters;
  const samplers: Record<string, () => number> = {
    normal: () => random.normal(first, second),
    exponential: () => random.exponential(first),
    gamma: () => random.gamma(first, second),
    beta: () => random.beta(first, second),
    studentT: () => random.studentT(first),
    cauchy: () => random.cauchy(first, second),
    poisson: () => random.poisson(first),
    binomial: () => random.binomial(first, second),
    zipf: () => random.zipf(first, second),
  };
  return samplers[sampler]!();
}
