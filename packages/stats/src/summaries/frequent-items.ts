import { checkCount } from "../arguments/check-number.ts";

/** One of the most frequent items. */
export interface FrequentItem {
  readonly item: string;
  /** How often it was seen: at least this, and at most this plus `maxError`. */
  readonly count: number;
}

/**
 * The most frequent items of a stream with any number of different ones, from at most
 * 2·capacity counters. Exact while there are no more than 2·capacity different items; beyond, every
 * count is too low by at most `maxError` ≤ rows / capacity, and no item more frequent than that is missed.
 *
 * Misra and Gries (1982); merging by Agarwal and others, "Mergeable summaries", PODS 2012, keeps
 * the bound in any order, though not the bits once counts have been cut.
 */
export class FrequentItems {
  readonly capacity: number;
  readonly #counts = new Map<string, number>();
  #maxError = 0;

  /** @param capacity - How many counters survive a cut; a whole number from 1. */
  constructor(capacity: number) {
    checkCount("capacity", capacity, 1);
    this.capacity = capacity;
  }

  /** By how much a count can be too low; 0 while all counts are exact. */
  get maxError(): number {
    return this.#maxError;
  }

  add(item: string, rows = 1): void {
    this.#counts.set(item, (this.#counts.get(item) ?? 0) + rows);
    if (this.#counts.size > 2 * this.capacity) this.#cut();
  }

  /** Adds what another summary counted; the other one stays as it is. */
  merge(other: FrequentItems): void {
    for (const [item, rows] of other.#counts) this.#counts.set(item, (this.#counts.get(item) ?? 0) + rows);
    this.#maxError += other.#maxError;
    if (this.#counts.size > 2 * this.capacity) this.#cut();
  }

  /** The most frequent first; equal counts in the order of their code units. At most `limit`. */
  top(limit: number = this.capacity): FrequentItem[] {
    return [...this.#counts]
      .map(([item, count]) => ({ item, count }))
      .sort((left, right) => right.count - left.count || (left.item < right.item ? -1 : 1))
      .slice(0, limit);
  }

  /** How many items have a counter. */
  get size(): number {
    return this.#counts.size;
  }

  /** Takes the count of the first that has to go from all, and lets go of those with nothing left. */
  #cut(): void {
    const cut = this.top(this.capacity + 1).at(-1)!.count;
    this.#maxError += cut;
    for (const [item, count] of this.#counts) {
      if (count > cut) this.#counts.set(item, count - cut);
      else this.#counts.delete(item);
    }
  }
}
