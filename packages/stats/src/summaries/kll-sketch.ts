import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { checkParameter } from "../arguments/check-number.ts";
import { createRandom, type Random } from "../random/create-random.ts";

/** Options of {@link KllSketch}. */
export interface KllSketchOptions {
  /** The size of the largest level, a whole number from 8 to 65,536; by default 200. */
  readonly k?: number;
  /** Seeds the coin that decides which half of a level survives; by default 0. */
  readonly seed?: number;
}

/** The values that a sketch kept, and how many rows each stands for. */
export interface WeightedValues {
  /** Ascending. */
  readonly values: Float64Array;
  readonly weights: Float64Array;
}

/**
 * The quantiles of a stream of which nothing is known in advance, not even its range, from about
 * 3·k numbers.
 *
 * Up to k values the sketch is exact. Beyond, a rank is off by at most `rankError`, as a fraction
 * of all rows, in 99 of 100 cases: the constants of DataSketches' KLL, 2.296 / k^0.9723, which our
 * tests hold this one to. The same values in the same order with the same seed give the same
 * sketch. Merging keeps the error bound, but not the bits: another order gives another sketch. For
 * counts that merge exactly, learn `QuantileCells` from it.
 *
 * Karnin, Lang and Liberty, "Optimal quantile approximation in streams", FOCS 2016.
 */
export class KllSketch {
  readonly k: number;
  #count = 0;
  #minimum = Infinity;
  #maximum = -Infinity;
  /** A value on level h stands for 2^h rows. */
  #levels: number[][] = [[]];
  #kept = 0;
  #capacity: number;
  readonly #random: Random;

  constructor(options: KllSketchOptions = {}) {
    const { k = 200, seed = 0 } = options;
    const isInRange = Number.isInteger(k) && k >= 8 && k <= 65_536;
    checkParameter("options.k", k, isInRange, "a whole number from 8 to 65536");
    this.k = k;
    this.#random = createRandom(seed);
    this.#capacity = this.#capacityOf(0);
  }

  /** How many values were added. */
  get count(): number {
    return this.#count;
  }

  /** The smallest value, exactly; `Infinity` before the first. */
  get minimum(): number {
    return this.#minimum;
  }

  /** The largest value, exactly; `-Infinity` before the first. */
  get maximum(): number {
    return this.#maximum;
  }

  /** How far off a rank may be, as a fraction of all rows, in 99 of 100 cases; 0 while all values are kept. */
  get rankError(): number {
    return this.#levels.length === 1 ? 0 : 2.296 / this.k ** 0.9723;
  }

  /** @throws InvalidArgumentError for a value that is not finite. */
  add(value: number): void {
    checkParameter("value", value, true, "a finite number");
    this.#levels[0]!.push(value);
    this.#count += 1;
    this.#kept += 1;
    if (value < this.#minimum) this.#minimum = value;
    if (value > this.#maximum) this.#maximum = value;
    if (this.#kept >= this.#capacity) this.#compress();
  }

  /** Adds what another sketch saw; the other one stays as it is. */
  merge(other: KllSketch): void {
    const levels = other.#levels.map((level) => level.slice());
    while (this.#levels.length < levels.length) this.#grow();
    for (const [height, level] of levels.entries()) {
      for (const value of level) this.#levels[height]!.push(value);
      this.#kept += level.length;
    }
    this.#count += other.#count;
    this.#minimum = Math.min(this.#minimum, other.#minimum);
    this.#maximum = Math.max(this.#maximum, other.#maximum);
    while (this.#kept >= this.#capacity) this.#compress();
  }

  /** The kept values with their weights, which add up to `count`. */
  toWeighted(): WeightedValues {
    const entries = this.#levels.flatMap((level, height) =>
      level.map((value) => ({ value, weight: 2 ** height })),
    );
    entries.sort((left, right) => left.value - right.value);
    return {
      values: Float64Array.from(entries, ({ value }) => value),
      weights: Float64Array.from(entries, ({ weight }) => weight),
    };
  }

  /**
   * The smallest kept value with at least `probability` of the rows at or below it.
   *
   * @throws InvalidArgumentError for an empty sketch, or a probability outside [0, 1].
   */
  quantile(probability: number): number {
    if (this.#count === 0) {
      throw new InvalidArgumentError("The sketch is empty; add values before asking for a quantile.", {
        argument: "this",
      });
    }
    const isInRange = probability >= 0 && probability <= 1;
    checkParameter("probability", probability, isInRange, "a number in [0, 1]");
    if (probability === 0) return this.#minimum;
    if (probability === 1) return this.#maximum;
    const { values, weights } = this.toWeighted();
    let rows = 0;
    for (let index = 0; index < values.length; index += 1) {
      rows += weights[index]!;
      if (rows >= probability * this.#count) return values[index]!;
    }
    return this.#maximum;
  }

  /** Each level below the highest has two thirds of the room of the one above it. */
  #capacityOf(height: number): number {
    const depth = this.#levels.length - 1 - height;
    return Math.max(Math.ceil(this.k * (2 / 3) ** depth), 8);
  }

  #grow(): void {
    this.#levels.push([]);
    this.#capacity = 0;
    for (let height = 0; height < this.#levels.length; height += 1)
      this.#capacity += this.#capacityOf(height);
  }

  /** Halves the lowest level that is full: every second value of it moves up, and stands for twice as many. */
  #compress(): void {
    const height = this.#levels.findIndex((level, index) => level.length >= this.#capacityOf(index));
    if (height === -1) return;
    if (height === this.#levels.length - 1) this.#grow();
    const sorted = Float64Array.from(this.#levels[height]!).sort();
    // An odd one stays behind, so that the rows still add up.
    const rest = sorted.length % 2;
    const above = this.#levels[height + 1]!;
    for (let index = rest + (this.#random.bits() >>> 31); index < sorted.length; index += 2) {
      above.push(sorted[index]!);
    }
    this.#levels[height] = rest === 1 ? [sorted[0]!] : [];
    this.#kept -= (sorted.length - rest) / 2;
  }
}
