import { InvalidOptionsError } from "../errors/invalid-options-error.ts";

/** Counts of values up to fixed bounds, as Prometheus has them. */
export interface HistogramSnapshot {
  /** The upper bounds of the buckets, ascending; values equal to a bound are in its bucket. */
  readonly bounds: readonly number[];
  /** How many values are at most the bound with the same index, and last, how many there are. */
  readonly cumulativeCounts: readonly number[];
  readonly sum: number;
  readonly count: number;
}

/** A histogram with fixed upper bounds: a value `v` is in the first bucket with `v ≤ bound`. */
export class Histogram {
  readonly #bounds: Float64Array;
  readonly #counts: Float64Array;
  #sum = 0;

  /** @param bounds Checked by {@link assertBounds}. */
  constructor(bounds: readonly number[]) {
    this.#bounds = Float64Array.from(bounds);
    this.#counts = new Float64Array(bounds.length + 1);
  }

  /** @param value A finite number. */
  add(value: number): void {
    const bounds = this.#bounds;
    let bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]!) bucket += 1;
    this.#counts[bucket]! += 1;
    this.#sum += value;
  }

  snapshot(): HistogramSnapshot {
    let count = 0;
    const cumulativeCounts = Array.from(this.#counts, (inBucket) => (count += inBucket));
    return { bounds: Array.from(this.#bounds), cumulativeCounts, sum: this.#sum, count };
  }
}

/** @throws InvalidOptionsError `INVALID_OPTIONS` unless `bounds` are ascending finite numbers, at most 256. */
export function assertBounds(bounds: readonly number[], option: string): void {
  const ascends = bounds.every(
    (bound, index) => Number.isFinite(bound) && (index === 0 || bound > bounds[index - 1]!),
  );
  if (ascends && bounds.length > 0 && bounds.length <= 256) return;
  throw new InvalidOptionsError({
    option,
    problem: "has to hold 1 to 256 finite numbers in ascending order",
  });
}
