import type { DetectorUpdate, StateRecord } from "../detector.ts";
import { nothingYet, type Rule } from "../rule.ts";
import { loadNumbers } from "../state-fields.ts";
import { equalSizesKsPValue } from "./equal-sizes-ks.ts";
import { MersenneTwister } from "./mersenne-twister.ts";

export interface KswinParameters {
  readonly alpha: number;
  readonly windowSize: number;
  readonly statSize: number;
  readonly seed: number;
}

/**
 * KSWIN as in River (Raab, Heusinger and Schleif 2020): the newest values against as many random ones of
 * those before them in the window, by an exact Kolmogorov-Smirnov test.
 *
 * The p-value depends only on the distance, so the smallest distance that is drift is found once.
 */
export class KswinRule implements Rule {
  readonly #parameters: KswinParameters;
  readonly #limit: number;
  readonly #indices: Int32Array;
  readonly #pool: Int32Array;
  readonly #older: Float64Array;
  readonly #newest: Float64Array;
  #random: MersenneTwister;
  #window: number[] = [];

  constructor(parameters: KswinParameters) {
    const { alpha, windowSize, statSize, seed } = parameters;
    this.#parameters = parameters;
    this.#limit = smallestDrift(statSize, alpha);
    this.#indices = new Int32Array(statSize);
    this.#pool = new Int32Array(windowSize);
    this.#older = new Float64Array(statSize);
    this.#newest = new Float64Array(statSize);
    this.#random = new MersenneTwister(seed);
  }

  reset(): void {
    this.#window = [];
    this.#random = new MersenneTwister(this.#parameters.seed);
  }

  update(value: number): DetectorUpdate {
    const { windowSize, statSize } = this.#parameters;
    const window = this.#window;
    window.push(value);
    if (window.length > windowSize) window.shift();
    if (window.length < windowSize) return nothingYet;
    const rest = windowSize - statSize;
    this.#random.sample(rest, statSize, this.#indices, this.#pool);
    for (let index = 0; index < statSize; index += 1) {
      this.#older[index] = window[this.#indices[index]!]!;
      this.#newest[index] = window[rest + index]!;
    }
    this.#older.sort();
    this.#newest.sort();
    const steps = largestStep(this.#older, this.#newest);
    const drift = steps >= this.#limit;
    return { drift, warning: false, statistic: steps / statSize, threshold: (this.#limit - 1) / statSize };
  }

  save(): StateRecord {
    return { window: [...this.#window], random: this.#random.save() };
  }

  load(state: StateRecord): void {
    this.#window = loadNumbers(state, "window", this.#parameters.windowSize);
    this.#random.load(loadNumbers(state, "random", 625));
  }
}

/** The fewest steps, of `size`, that the distribution functions are apart when there is drift. */
function smallestDrift(size: number, alpha: number): number {
  for (let steps = 1; steps <= size; steps += 1) {
    if (equalSizesKsPValue(steps, size) <= alpha && steps / size > 0.1) return steps;
  }
  return size + 1;
}

/** The largest difference of the numbers of values up to x, of two sorted samples of one size. */
function largestStep(first: Float64Array, second: Float64Array): number {
  const size = first.length;
  let largest = 0;
  let left = 0;
  let right = 0;
  while (left < size && right < size) {
    const value = Math.min(first[left]!, second[right]!);
    while (left < size && first[left]! <= value) left += 1;
    while (right < size && second[right]! <= value) right += 1;
    const difference = Math.abs(left - right);
    if (difference > largest) largest = difference;
  }
  return largest;
}
