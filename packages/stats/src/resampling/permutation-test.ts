import { checkFinite } from "../arguments/check-number.ts";
import { checkFiniteValues, checkSameLength, type Numbers } from "../arguments/check-sample.ts";
import { checkAlternative, type Alternative } from "../hypothesis/alternative.ts";
import { atLeast, monteCarloPValue, type MonteCarloOptions } from "./monte-carlo-p-value.ts";
import { shuffle, type RandomSource } from "./random.ts";

export interface PermutationOptions extends MonteCarloOptions {
  readonly random: RandomSource;
  /**
   * Which values of the statistic speak against the hypothesis: large, small, or far from 0. `two-sided` by
   * default; then the statistic has to be one that is about 0 when the hypothesis holds.
   */
  readonly alternative?: Alternative;
}

export interface PermutationTest {
  /** The statistic of the data as they are. */
  readonly statistic: number;
  readonly pValue: number;
  readonly alternative: Alternative;
  /** Whether every rearrangement was tried; then the p-value is exact and nothing was random. */
  readonly exact: boolean;
  /** How many rearrangements were tried. */
  readonly tried: number;
  readonly stoppedEarly: boolean;
}

/**
 * Tests the hypothesis that two samples come from one distribution, with any statistic, by giving
 * their values to the two sides anew.
 *
 * All splits are tried where there are no more than `resamples` of them, which makes the p-value exact;
 * else that many are drawn and the p-value is the valid one of {@link monteCarloPValue}. `two-sided`
 * counts rearrangements whose statistic is at least as far from 0 as the observed one.
 *
 * @param statistic Takes the two sides; it may not keep or change the arrays, which are used again.
 *
 * @example
 * const difference = (a: Float64Array, b: Float64Array) => mean(a) - mean(b);
 * permutationTest([1, 2, 3], [7, 8, 9], difference, { random }).pValue; // 0.1, exactly: 2 of 20 splits
 */
export function permutationTest(
  first: Numbers,
  second: Numbers,
  statistic: (first: Float64Array, second: Float64Array) => number,
  options: PermutationOptions,
): PermutationTest {
  checkFiniteValues("first", first);
  checkFiniteValues("second", second);
  const pooled = Float64Array.from([...Array.from(first), ...Array.from(second)]);
  const measure = (): number => statistic(pooled.subarray(0, first.length), pooled.subarray(first.length));
  return testRearrangements(measure, options, {
    count: binomialCoefficient(pooled.length, first.length),
    forEach: (visit) => forEachSplit(pooled, first.length, visit),
    rearrange: () => shuffle(pooled, options.random),
  });
}

/**
 * Tests the hypothesis that differences between paired values are as likely positive as negative and
 * symmetric about 0, by giving each its sign anew.
 *
 * All 2^n sign patterns are tried where there are no more than `resamples`, else that many are drawn.
 *
 * @param differences One number per pair, such as the loss of model A less the loss of model B on a row.
 * @param statistic The mean by default.
 */
export function signFlipTest(
  differences: Numbers,
  options: PermutationOptions,
  statistic: (differences: Float64Array) => number = meanOf,
): PermutationTest {
  checkFiniteValues("differences", differences);
  const original = Float64Array.from(differences);
  const flipped = Float64Array.from(original);
  return testRearrangements(() => statistic(flipped), options, {
    count: 2 ** original.length,
    forEach: (visit) => forEachSignPattern(original, flipped, visit),
    rearrange: () => {
      for (const [index, value] of original.entries())
        flipped[index] = options.random() < 0.5 ? value : -value;
    },
  });
}

/**
 * Tests the hypothesis that two columns of the same rows have nothing to do with each other, by
 * giving each row the second column's value of another row.
 */
export function pairingTest(
  first: Numbers,
  second: Numbers,
  statistic: (first: Float64Array, second: Float64Array) => number,
  options: PermutationOptions,
): PermutationTest {
  checkFiniteValues("first", first);
  checkFiniteValues("second", second);
  checkSameLength("second", second, "first", first);
  const kept = Float64Array.from(first);
  const moved = Float64Array.from(second);
  return testRearrangements(() => statistic(kept, moved), options, {
    count: factorial(moved.length),
    forEach: (visit) => forEachOrder(moved, moved.length, visit),
    rearrange: () => shuffle(moved, options.random),
  });
}

interface Rearrangements {
  /** How many there are. */
  readonly count: number;
  /** Calls `visit` once for each. */
  forEach(visit: () => void): void;
  /** Makes one that is drawn evenly from all. */
  rearrange(): void;
}

function testRearrangements(
  measure: () => number,
  { alternative = "two-sided", resamples = 9_999, stopAfter }: PermutationOptions,
  rearrangements: Rearrangements,
): PermutationTest {
  checkAlternative(alternative);
  const statistic = measure();
  const extremity = (value: number): number => {
    if (alternative === "two-sided") return Math.abs(value);
    return alternative === "less" ? -value : value;
  };
  const observed = extremity(statistic);
  checkFinite("statistic", observed);
  if (rearrangements.count > resamples) {
    const draw = (): number => {
      rearrangements.rearrange();
      return extremity(measure());
    };
    const options = { resamples, ...(stopAfter === undefined ? {} : { stopAfter }) };
    const { pValue, drawn, stoppedEarly } = monteCarloPValue(observed, draw, options);
    return { statistic, pValue, alternative, exact: false, tried: drawn, stoppedEarly };
  }
  const isAsExtreme = atLeast(observed);
  let asExtreme = 0;
  rearrangements.forEach(() => {
    if (isAsExtreme(extremity(measure()))) asExtreme += 1;
  });
  const pValue = asExtreme / rearrangements.count;
  return { statistic, pValue, alternative, exact: true, tried: rearrangements.count, stoppedEarly: false };
}

/** Every choice of `size` values, put at the front of `pooled` in turn. */
function forEachSplit(pooled: Float64Array, size: number, visit: () => void): void {
  const values = Float64Array.from(pooled);
  const chosen = new Uint8Array(values.length);
  const choose = (from: number, missing: number): void => {
    if (missing === 0) {
      let front = 0;
      let back = size;
      for (const [index, value] of values.entries()) {
        if (chosen[index] === 1) pooled[front++] = value;
        else pooled[back++] = value;
      }
      visit();
      return;
    }
    for (let index = from; index <= values.length - missing; index += 1) {
      chosen[index] = 1;
      choose(index + 1, missing - 1);
      chosen[index] = 0;
    }
  };
  choose(0, size);
}

function forEachSignPattern(original: Float64Array, flipped: Float64Array, visit: () => void): void {
  for (let pattern = 0; pattern < 2 ** original.length; pattern += 1) {
    for (const [index, value] of original.entries()) {
      flipped[index] = (pattern >> index) % 2 === 0 ? value : -value;
    }
    visit();
  }
}

/** Every order of the first `count` values, in place (Heap's algorithm). */
function forEachOrder(values: Float64Array, count: number, visit: () => void): void {
  if (count <= 1) {
    visit();
    return;
  }
  for (let index = 0; index < count; index += 1) {
    forEachOrder(values, count - 1, visit);
    const other = count % 2 === 0 ? index : 0;
    const held = values[count - 1] ?? 0;
    values[count - 1] = values[other] ?? 0;
    values[other] = held;
  }
}

function meanOf(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

/** How many ways there are to choose; infinite beyond the range of a double. */
function binomialCoefficient(count: number, size: number): number {
  let ways = 1;
  for (let step = 1; step <= Math.min(size, count - size); step += 1) {
    ways = Math.round((ways * (count - step + 1)) / step);
  }
  return ways;
}

function factorial(count: number): number {
  let ways = 1;
  for (let step = 2; step <= count; step += 1) ways *= step;
  return ways;
}
