import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import { type DDSketchJson, parseDDSketchJson } from "./dd-sketch-json.ts";
import { nearestRank } from "./nearest-rank.ts";

/** Options of a {@link DDSketch}. Only sketches with equal options merge. */
export interface DDSketchOptions {
  /** How far an estimate may be from the value of its rank, as a fraction of it. In [1e-6, 1). Default 0.01. */
  readonly relativeAccuracy?: number | undefined;
  /**
   * The most buckets, 8 bytes each, in [1, 65536]. Beyond it the lowest buckets are collapsed into one, so that
   * the low percentiles lose their accuracy and the high ones keep it. Default 2048, which at 1 %
   * holds values over 17 orders of magnitude.
   */
  readonly maxBuckets?: number | undefined;
}

/**
 * Percentiles of any number of values in bounded memory, with a relative error that is guaranteed.
 *
 * With accuracy `α`, `γ = (1 + α)/(1 − α)`: a value `x > 0` counts in the bucket `i = ⌈log_γ x⌉`,
 * which holds `γ^(i−1) < x ≤ γ^i`, and every value of a bucket is estimated as `2γ^i/(γ + 1)`. An
 * estimate `x̂` of the value `x` that has the rank `⌈p·N/100⌉` ({@link nearestRank}) then has
 * `|x̂ − x| ≤ α·x`, unless the bucket was collapsed. Zero, and values below 2.3·10⁻³⁰⁸, count in a
 * bucket of their own, which is estimated as 0.
 *
 * Sketches merge by adding their buckets: whatever the order and the grouping, buckets, count,
 * minimum and maximum come out the same as if one sketch had seen all values; the sum is the same
 * but for floating-point rounding.
 *
 * Reference: Masson, Rim, Lee, "DDSketch: a fast and fully-mergeable quantile sketch with
 * relative-error guarantees", PVLDB 12(12), 2019, doi:10.14778/3352063.3352135.
 *
 * @example
 * ```ts
 * const sketch = new DDSketch();
 * for (let value = 1; value <= 1000; value++) sketch.add(value);
 * sketch.percentile(95); // 944.0, where the exact one is 950
 * ```
 */
export class DDSketch {
  /** How far an estimate may be from the value of its rank, as a fraction of it. */
  readonly relativeAccuracy: number;
  /** The most buckets. */
  readonly maxBuckets: number;
  /** Buckets for each factor of e: `1 / ln γ`. */
  readonly #bucketsPerE: number;
  #counts: Float64Array = new Float64Array(0);
  /** The index of the bucket in `#counts[0]`. */
  #firstIndex = 0;
  /** The highest index that has a count. Every index below `#highestIndex − maxBuckets + 1` is collapsed. */
  #highestIndex = -Infinity;
  #zeroCount = 0;
  #count = 0;
  #sum = 0;
  #min = Infinity;
  #max = -Infinity;

  /** @throws InvalidOptionsError `INVALID_OPTIONS` for an option out of its range. */
  constructor({ relativeAccuracy = 0.01, maxBuckets = 2048 }: DDSketchOptions = {}) {
    if (!(relativeAccuracy >= smallestAccuracy && relativeAccuracy < 1)) {
      const problem = `is ${String(relativeAccuracy)}; it has to be at least ${smallestAccuracy} and less than 1`;
      throw new InvalidOptionsError({ option: "relativeAccuracy", problem });
    }
    if (!Number.isInteger(maxBuckets) || maxBuckets < 1 || maxBuckets > mostBuckets) {
      const problem = `is ${String(maxBuckets)}; it has to be an integer in [1, ${mostBuckets}]`;
      throw new InvalidOptionsError({ option: "maxBuckets", problem });
    }
    this.relativeAccuracy = relativeAccuracy;
    this.maxBuckets = maxBuckets;
    // log1p keeps the digits of small accuracies: ln γ = ln(1 + α) − ln(1 − α).
    this.#bucketsPerE = 1 / (Math.log1p(relativeAccuracy) - Math.log1p(-relativeAccuracy));
  }

  /** How many values were added. */
  get count(): number {
    return this.#count;
  }

  /** Their sum, 0 for none. */
  get sum(): number {
    return this.#sum;
  }

  /** The smallest of them, `undefined` for none. */
  get min(): number | undefined {
    return this.#count === 0 ? undefined : this.#min;
  }

  /** The largest of them, `undefined` for none. */
  get max(): number | undefined {
    return this.#count === 0 ? undefined : this.#max;
  }

  /** How many buckets are allocated, at most {@link DDSketch.maxBuckets}. */
  get bucketCount(): number {
    return this.#counts.length;
  }

  /**
   * Adds a value.
   *
   * @returns `false` for one that is negative, NaN or infinite; it changes nothing.
   */
  add(value: number): boolean {
    if (!(value >= 0 && value < Infinity)) return false;
    this.#count += 1;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    if (value < smallestValue) this.#zeroCount += 1;
    else this.#addCount(Math.ceil(Math.log(value) * this.#bucketsPerE), 1);
    return true;
  }

  /**
   * The estimate for the value with the rank `⌈p·N/100⌉`. The first and the last rank are exact.
   *
   * @param percentile In [0, 100].
   * @returns `undefined` for an empty sketch.
   * @throws InvalidOptionsError `INVALID_OPTIONS` for a percentile outside [0, 100].
   */
  percentile(percentile: number): number | undefined {
    const rank = nearestRank(percentile, this.#count);
    if (this.#count === 0) return undefined;
    if (rank === 1) return this.#min;
    if (rank === this.#count) return this.#max;
    let passed = this.#zeroCount;
    if (rank <= passed) return 0;
    let offset = -1;
    while (passed < rank) passed += this.#counts[(offset += 1)]!;
    // No value lies outside [min, max], so neither does its best estimate.
    return Math.min(Math.max(this.#estimateOf(this.#firstIndex + offset), this.#min), this.#max);
  }

  /**
   * Adds all that another sketch has seen.
   *
   * @throws InvalidOptionsError `INVALID_OPTIONS` when it has another accuracy or number of buckets.
   */
  merge(other: DDSketch): void {
    for (const option of ["relativeAccuracy", "maxBuckets"] as const) {
      if (other[option] === this[option]) continue;
      const problem = `is ${other[option]} in one sketch and ${this[option]} in the other; only equal ones merge`;
      throw new InvalidOptionsError({ option, problem });
    }
    // Of a copy, since a sketch may be merged with itself.
    const { counts, firstIndex } = other.toJSON();
    // From the top, so that what has to be collapsed is known at the first bucket.
    for (let offset = counts.length - 1; offset >= 0; offset--) {
      if (counts[offset]! > 0) this.#addCount(firstIndex + offset, counts[offset]!);
    }
    this.#zeroCount += other.#zeroCount;
    this.#count += other.#count;
    this.#sum += other.#sum;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
  }

  /** All of it, as {@link DDSketch.fromJSON} reads it. */
  toJSON(): DDSketchJson {
    const used = Array.from(this.#counts);
    const first = used.findIndex((count) => count > 0);
    return {
      relativeAccuracy: this.relativeAccuracy,
      maxBuckets: this.maxBuckets,
      count: this.#count,
      sum: this.#sum,
      min: this.min ?? null,
      max: this.max ?? null,
      zeroCount: this.#zeroCount,
      firstIndex: first === -1 ? 0 : this.#firstIndex + first,
      counts: first === -1 ? [] : used.slice(first, this.#highestIndex - this.#firstIndex + 1),
    };
  }

  /**
   * Makes a sketch of what {@link DDSketch.toJSON} gave, perhaps in another process.
   *
   * @throws InvalidOptionsError `INVALID_OPTIONS` when `json` is not such.
   */
  static fromJSON(json: unknown): DDSketch {
    const state = parseDDSketchJson(json);
    const sketch = new DDSketch(state);
    for (let offset = state.counts.length - 1; offset >= 0; offset--) {
      if (state.counts[offset]! > 0) sketch.#addCount(state.firstIndex + offset, state.counts[offset]!);
    }
    sketch.#zeroCount = state.zeroCount;
    sketch.#count = state.count;
    sketch.#sum = state.sum;
    sketch.#min = state.min ?? Infinity;
    sketch.#max = state.max ?? -Infinity;
    return sketch;
  }

  #estimateOf(index: number): number {
    const gamma = (1 + this.relativeAccuracy) / (1 - this.relativeAccuracy);
    return Math.exp(index / this.#bucketsPerE) * (2 / (gamma + 1));
  }

  #addCount(index: number, count: number): void {
    if (index > this.#highestIndex) this.#highestIndex = index;
    const lowestKept = this.#highestIndex - this.maxBuckets + 1;
    const kept = index < lowestKept ? lowestKept : index;
    let offset = kept - this.#firstIndex;
    if (offset < 0 || offset >= this.#counts.length) {
      this.#extendTo(kept);
      offset = kept - this.#firstIndex;
    }
    this.#counts[offset]! += count;
  }

  /** Makes room for an index, and collapses the buckets that lie too far below the highest one. */
  #extendTo(index: number): void {
    const old = this.#counts;
    const oldFirst = this.#firstIndex;
    const lowestKept = this.#highestIndex - this.maxBuckets + 1;
    const lowest = Math.max(old.length === 0 ? index : Math.min(oldFirst, index), lowestKept);
    const wanted = this.#highestIndex - lowest + 1;
    const length = Math.min(Math.ceil(wanted / growth) * growth, this.maxBuckets);
    this.#firstIndex = lowest;
    this.#counts = new Float64Array(length);
    for (const [offset, count] of old.entries()) {
      if (count > 0) this.#counts[Math.max(oldFirst + offset, lowest) - this.#firstIndex]! += count;
    }
  }
}

/** The smallest accuracy for which all indices are integers of 32 bits. */
const smallestAccuracy = 1e-6;
/** 512 KB. */
const mostBuckets = 2 ** 16;
/** Buckets are added in pieces of this many. */
const growth = 64;
/** Below it, doubles have fewer digits than the accuracy may need. */
const smallestValue = 2.3e-308;
