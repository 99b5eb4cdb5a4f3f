import type { StateRecord } from "../detector.ts";
import { loadNumber, loadNumbers } from "../state-fields.ts";

const warmUp = 30;
const referenceSize = 1000;

/**
 * Where each value lies among the first ones: a number in (0, 1), uniform as long as the stream does not
 * change, whatever its distribution, scale and tails (sequential ranks; McDonald 1990). That makes what is
 * computed of it free of the distribution, exactly: also for ties, which are broken at random.
 *
 * The reference is the values so far, up to 1,000; then it stays.
 */
export class ReferenceRanks {
  readonly #seed: number;
  #random: number;
  // Sorted by value and, where values are equal, by a random number that each got when it came.
  #sorted: number[] = [];
  #tieBreakers: number[] = [];

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = seed | 0;
  }

  reset(): void {
    this.restart();
    this.#random = this.#seed | 0;
  }

  /** The same random numbers after each drift would make the streams after it alike. */
  restart(): void {
    this.#sorted = [];
    this.#tieBreakers = [];
  }

  /** The place of the value in (0, 1); NaN for the first 30 values. Then it may join the reference. */
  place(value: number): number {
    const sorted = this.#sorted;
    const size = sorted.length;
    const tieBreaker = this.#uniform();
    let rank = countBelow(sorted, value, 0, size);
    if (sorted[rank] === value) {
      const end = countUpTo(sorted, value, rank);
      rank = countBelow(this.#tieBreakers, tieBreaker, rank, end);
    }
    if (size < referenceSize) {
      sorted.splice(rank, 0, value);
      this.#tieBreakers.splice(rank, 0, tieBreaker);
    }
    // Anywhere between its neighbours in the reference.
    return size < warmUp ? Number.NaN : (rank + this.#uniform()) / (size + 1);
  }

  save(): StateRecord {
    return {
      reference: [...this.#sorted],
      tieBreakers: [...this.#tieBreakers],
      random: this.#random,
    };
  }

  load(state: StateRecord): void {
    const sorted = loadNumbers(state, "reference", referenceSize);
    if (sorted.some((value, index) => index > 0 && value < sorted[index - 1]!)) {
      throw new TypeError("reference is not sorted");
    }
    const tieBreakers = loadNumbers(state, "tieBreakers", referenceSize);
    if (tieBreakers.length !== sorted.length) throw new TypeError("tieBreakers has the wrong length");
    this.#sorted = sorted;
    this.#tieBreakers = tieBreakers;
    this.#random = loadNumber(state, "random") | 0;
  }

  /** In (0, 1), by a counter and the finaliser of MurmurHash3: its whole state is one integer. */
  #uniform(): number {
    this.#random = (this.#random + 0x9e3779b9) | 0;
    let mixed = this.#random;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32 + 2 ** -33;
  }
}

/** How many of `sorted` are below `value`, where those before `low` are and those from `high` on are not. */
function countBelow(sorted: readonly number[], value: number, low: number, high: number): number {
  let from = low;
  let to = high;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle]! < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** How many of `sorted` are at or below `value`; those before `low` are. */
function countUpTo(sorted: readonly number[], value: number, low: number): number {
  let from = low;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle]! <= value) from = middle + 1;
    else to = middle;
  }
  return from;
}
