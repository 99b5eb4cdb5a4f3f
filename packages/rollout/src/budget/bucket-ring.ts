/** Requests and failures of one stretch of time: its number since the Unix epoch, in lengths of a bucket. */
export type Bucket = readonly [index: number, requests: number, failures: number];

/** How many buckets a window is made of. */
export const bucketsPerWindow = 60;
/** One more, as the first of a window is half over. */
const slots = bucketsPerWindow + 1;

/** Counts over a window that moves, in a fixed number of buckets. */
export class BucketRing {
  readonly #bucketMs: number;
  readonly #indices: Float64Array = new Float64Array(slots).fill(-1);
  readonly #requests: Float64Array = new Float64Array(slots);
  readonly #failures: Float64Array = new Float64Array(slots);

  constructor(bucketMs: number) {
    this.#bucketMs = bucketMs;
  }

  /** Counts a request at a time by this replica's clock, which may have been set back. */
  add(at: number, isFailure: boolean): void {
    const slot = this.#slotOf(Math.floor(at / this.#bucketMs), true);
    if (slot === undefined) return;
    this.#requests[slot]! += 1;
    if (isFailure) this.#failures[slot]! += 1;
  }

  /** Adds buckets that were counted elsewhere. What is older than the window is left out. */
  addBuckets(buckets: readonly Bucket[]): void {
    for (const [index, requests, failures] of buckets) {
      const slot = this.#slotOf(index);
      if (slot === undefined) continue;
      this.#requests[slot]! += requests;
      this.#failures[slot]! += failures;
    }
  }

  /** All that hold requests, oldest first. */
  buckets(): Bucket[] {
    return Array.from(this.#indices, (index, slot): Bucket => [
      index,
      this.#requests[slot]!,
      this.#failures[slot]!,
    ])
      .filter(([index]) => index >= 0)
      .sort(([a], [b]) => a - b);
  }

  /** Where a bucket's counts are; `undefined` where a newer one has the place, and this one is not of now. */
  #slotOf(index: number, isNow = false): number | undefined {
    const slot = index % slots;
    const held = this.#indices[slot];
    if (held === index) return slot;
    // Also where the time is no number.
    if (held === undefined) return undefined;
    // A clock that was ahead must not hide what is counted until that time comes.
    if (index < held && !isNow) return undefined;
    this.#indices[slot] = index;
    this.#requests[slot] = 0;
    this.#failures[slot] = 0;
    return slot;
  }
}
