import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { drawBinomial } from "./binomial.ts";
import { checkFinite, checkParameter, checkPositive, checkCount } from "../arguments/check-number.ts";
import { drawLogGamma } from "./gamma.ts";
import { drawPoisson } from "./poisson.ts";
import { seedState } from "./seed-state.ts";
import { Xoshiro128 } from "./xoshiro128.ts";
import { drawZipf } from "./zipf.ts";

/**
 * A seeded source of random numbers. Called, it gives uniform numbers in [0, 1) with 53 bits, so it
 * goes wherever a `() => number` is wanted.
 *
 * The call, `bits`, `integer`, `shuffle` and `sample` give the same for the same seed on every
 * machine. The other samplers rest on `Math.log` and its like, which engines may round
 * differently in the last place.
 *
 * Every sampler throws `InvalidArgumentError` for a parameter outside the range it states.
 */
export interface Random {
  /** Uniform in [0, 1), a multiple of 2⁻⁵³. */
  (): number;
  /** 32 random bits, as an integer in [0, 2³²). */
  bits(): number;
  /** Uniform among 0 … below - 1, without bias. `below` is a whole number from 1. */
  integer(below: number): number;
  /** Normal; the defaults are 0 and 1. `standardDeviation` is at least 0. */
  normal(mean?: number, standardDeviation?: number): number;
  /** Exponential with mean 1 / rate; `rate` is above 0, by default 1. */
  exponential(rate?: number): number;
  /** Gamma with mean shape · scale; both above 0, scale by default 1. */
  gamma(shape: number, scale?: number): number;
  /** Beta with mean alpha / (alpha + beta); both above 0. */
  beta(alpha: number, beta: number): number;
  /** A Poisson count; `mean` is at least 0 and at most 2⁵⁰. */
  poisson(mean: number): number;
  /** How many of `trials` succeed, each with `probability` in [0, 1]. */
  binomial(trials: number, probability: number): number;
  /** Student's t; `degreesOfFreedom` is above 0. */
  studentT(degreesOfFreedom: number): number;
  /** Cauchy; `location` by default 0, `scale` above 0, by default 1. */
  cauchy(location?: number, scale?: number): number;
  /** A rank in 1 … size, with probability proportional to rank^-exponent; `exponent` is at least 0. */
  zipf(exponent: number, size: number): number;
  /** Puts the items into a random order, in place, and returns them. */
  shuffle<Items extends { readonly length: number; [index: number]: unknown }>(items: Items): Items;
  /** `count` different items in random order; without replacement, so `count` is at most their number. */
  sample<Item>(items: ArrayLike<Item>, count: number): Item[];
  /**
   * Another source, with no number in common with this one within 2⁶⁴ draws: for parts of a
   * simulation that must not disturb each other. This source goes on 2⁶⁴ numbers later.
   */
  fork(): Random;
}

/**
 * A small, fast generator for simulations, resampling and tests: xoshiro128**, seeded through a
 * mixing function, so that 1, 2, 3 are as good seeds as any. Not for secrets.
 *
 * @param seed - A safe integer.
 * @throws InvalidArgumentError when `seed` is anything else.
 *
 * @example
 * ```ts
 * const random = createRandom(1);
 * random(); //=> 0.6145274621428378
 * random.integer(6); //=> 1
 * ```
 */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed)) {
    throw new InvalidArgumentError(`seed is ${String(seed)}; pass a whole number between ±(2^53 - 1).`, {
      argument: "seed",
    });
  }
  return fromGenerator(new Xoshiro128(seedState(seed)));
}

function fromGenerator(generator: Xoshiro128): Random {
  const bits = (): number => generator.next();
  const uniform = (): number => ((bits() >>> 5) * 2 ** 26 + (bits() >>> 6)) / 2 ** 53;

  // Marsaglia's polar method gives two at a time; the second waits here.
  let spare: number | undefined;
  const normal = (): number => {
    if (spare !== undefined) {
      const kept = spare;
      spare = undefined;
      return kept;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      spare = y * factor;
      return x * factor;
    }
  };
  const logGamma = (shape: number): number => drawLogGamma(uniform, normal, shape);
  const integer = (below: number): number => drawInteger(bits, below);

  return Object.assign(uniform, {
    bits,
    integer(below: number): number {
      checkCount("below", below, 1);
      return integer(below);
    },
    normal(mean = 0, standardDeviation = 1): number {
      checkFinite("mean", mean);
      checkParameter(
        "standardDeviation",
        standardDeviation,
        standardDeviation >= 0,
        "a finite number from 0",
      );
      return mean + standardDeviation * normal();
    },
    exponential(rate = 1): number {
      checkPositive("rate", rate);
      return -Math.log(1 - uniform()) / rate;
    },
    gamma(shape: number, scale = 1): number {
      checkPositive("shape", shape);
      checkPositive("scale", scale);
      return scale * Math.exp(logGamma(shape));
    },
    beta(alpha: number, beta: number): number {
      checkPositive("alpha", alpha);
      checkPositive("beta", beta);
      const first = logGamma(alpha);
      return 1 / (1 + Math.exp(logGamma(beta) - first));
    },
    poisson(mean: number): number {
      checkParameter("mean", mean, mean >= 0 && mean <= 2 ** 50, "a number from 0 to 2^50");
      return drawPoisson(uniform, mean);
    },
    binomial(trials: number, probability: number): number {
      checkCount("trials", trials, 0);
      checkParameter("probability", probability, probability >= 0 && probability <= 1, "a number in [0, 1]");
      return drawBinomial(uniform, trials, probability);
    },
    studentT(degreesOfFreedom: number): number {
      checkPositive("degreesOfFreedom", degreesOfFreedom);
      const half = degreesOfFreedom / 2;
      const z = normal();
      return z * Math.exp(0.5 * (Math.log(half) - logGamma(half)));
    },
    cauchy(location = 0, scale = 1): number {
      checkFinite("location", location);
      checkPositive("scale", scale);
      return location + scale * Math.tan(Math.PI * (uniform() - 0.5));
    },
    zipf(exponent: number, size: number): number {
      checkParameter("exponent", exponent, exponent >= 0, "a finite number from 0");
      checkCount("size", size, 1);
      return drawZipf(uniform, exponent, size);
    },
    shuffle<Items extends { readonly length: number; [index: number]: unknown }>(items: Items): Items {
      for (let last = items.length - 1; last > 0; last -= 1) swap(items, last, integer(last + 1));
      return items;
    },
    sample<Item>(items: ArrayLike<Item>, count: number): Item[] {
      checkCount("count", count, 0);
      const range = `a whole number from 0 to ${items.length}, the number of items`;
      checkParameter("count", count, count <= items.length, range);
      const rest = Array.from(items);
      for (let index = 0; index < count; index += 1) {
        swap(rest, index, index + integer(rest.length - index));
      }
      return rest.slice(0, count);
    },
    fork(): Random {
      const forked = fromGenerator(generator.copy());
      generator.jump();
      spare = undefined;
      return forked;
    },
  });
}

/** Draws again what would make the low numbers more likely than the high ones. */
function drawInteger(bits: () => number, below: number): number {
  if (below <= 2 ** 32) {
    const limit = 2 ** 32 - (2 ** 32 % below);
    let drawn = bits();
    while (drawn >= limit) drawn = bits();
    return drawn % below;
  }
  const limit = 2 ** 53 - (2 ** 53 % below);
  for (;;) {
    const drawn = (bits() >>> 11) * 2 ** 32 + bits();
    if (drawn < limit) return drawn % below;
  }
}

function swap(items: { [index: number]: unknown }, left: number, right: number): void {
  const kept = items[left];
  items[left] = items[right];
  items[right] = kept;
}
