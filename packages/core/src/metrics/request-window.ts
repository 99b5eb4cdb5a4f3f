import { successIndex } from "./outcomes.ts";

/** What a {@link RequestWindow} holds from some time on. */
export interface WindowSelection {
  readonly requests: number;
  /** How many requests ended each way, by the index of `Outcomes.all`. */
  readonly outcomeCounts: Float64Array;
  /** The rows of the successes. */
  readonly rows: number;
  /** Milliseconds from request to answer of the successes whose durations were valid, unsorted. */
  readonly totalMs: Float64Array;
  /** Milliseconds that they waited, of those of which it is known. */
  readonly queueMs: Float64Array;
  /** Milliseconds of their runs. */
  readonly runMs: Float64Array;
}

/**
 * The last requests, at most `capacity` of them: a ring of one typed array, 48 bytes a request.
 * It starts small and doubles until it has its capacity; from then on nothing is allocated.
 */
export class RequestWindow {
  readonly capacity: number;
  #values: Float64Array;
  #length = 0;
  /** The slot that is written next; the oldest one when the ring is full. */
  #next = 0;
  #overwrittenAt = -Infinity;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.#values = new Float64Array(Math.min(initialCapacity, capacity) * stride);
  }

  /** When the newest request that has lost its place was recorded; `-Infinity` before there is one. */
  get overwrittenAt(): number {
    return this.#overwrittenAt;
  }

  /**
   * Takes the place of the oldest request when there is no other. O(1), but for the doublings.
   *
   * @param recordedAt In milliseconds since the Unix epoch.
   * @param totalMs Milliseconds from the request to its answer; NaN, as for the others, when that was no duration.
   * @param queueMs Milliseconds that it waited; NaN by itself when that is not known.
   * @param runMs Milliseconds of its run.
   * @param rows Its rows when it had a result, else 0.
   * @param outcome How it ended, as an index of `Outcomes.all`.
   */
  push(
    recordedAt: number,
    totalMs: number,
    queueMs: number,
    runMs: number,
    rows: number,
    outcome: number,
  ): void {
    const base = this.#next * stride;
    if (this.#length === this.capacity) this.#overwrittenAt = this.#values[base]!;
    else if (base === this.#values.length) this.#grow();
    const values = this.#values;
    values[base] = recordedAt;
    values[base + 1] = totalMs;
    values[base + 2] = queueMs;
    values[base + 3] = runMs;
    values[base + 4] = rows;
    values[base + 5] = outcome;
    this.#next += 1;
    if (this.#next === this.capacity) this.#next = 0;
    if (this.#length < this.capacity) this.#length += 1;
  }

  /**
   * The requests recorded after `time`, in milliseconds since the Unix epoch.
   *
   * @param outcomeCount How many ways there are for a request to end.
   */
  select(time: number, outcomeCount: number): WindowSelection {
    const values = this.#values;
    const outcomeCounts = new Float64Array(outcomeCount);
    const durations = [0, 1, 2].map(() => new Float64Array(this.#length));
    const [totalMs, queueMs, runMs] = durations as [Float64Array, Float64Array, Float64Array];
    let [requests, rows, successes, waits] = [0, 0, 0, 0];
    for (let base = 0; base < this.#length * stride; base += stride) {
      if (values[base]! <= time) continue;
      const outcome = values[base + 5]!;
      requests += 1;
      outcomeCounts[outcome]! += 1;
      rows += values[base + 4]!;
      if (outcome !== successIndex || Number.isNaN(values[base + 1])) continue;
      totalMs[successes] = values[base + 1]!;
      runMs[successes] = values[base + 3]!;
      successes += 1;
      if (Number.isNaN(values[base + 2])) continue;
      queueMs[waits] = values[base + 2]!;
      waits += 1;
    }
    return {
      requests,
      outcomeCounts,
      rows,
      totalMs: totalMs.subarray(0, successes),
      queueMs: queueMs.subarray(0, waits),
      runMs: runMs.subarray(0, successes),
    };
  }

  #grow(): void {
    const grown = new Float64Array(Math.min(this.#values.length * 2, this.capacity * stride));
    grown.set(this.#values);
    this.#values = grown;
  }
}

const stride = 6;
const initialCapacity = 64;
