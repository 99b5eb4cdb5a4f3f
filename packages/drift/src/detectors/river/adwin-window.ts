import type { StateRecord } from "../detector.ts";
import { loadNumbers, loadRecord } from "../state-fields.ts";

/** The values of one cut of the window: how many on each side, and their totals. */
export interface WindowCut {
  readonly before: number;
  readonly after: number;
  readonly totalBefore: number;
  readonly totalAfter: number;
}

// A window of 2^60 values: no stream is that long.
const rowLimit = 60;

/**
 * The window of ADWIN (Bifet and Gavaldà 2007): an exponential histogram. Row r holds buckets of 2^r
 * values, at most `maximumBuckets` in each, so that W values take O(log W) numbers.
 */
export class AdwinWindow {
  readonly #maximumBuckets: number;
  /** By row, oldest first: the total and the sum of squared deviations of each bucket. */
  #totals: number[][] = [[]];
  #squares: number[][] = [[]];
  #width = 0;
  #total = 0;
  #sumOfSquares = 0;

  constructor(maximumBuckets: number) {
    this.#maximumBuckets = maximumBuckets;
  }

  /** Values in the window. */
  get width(): number {
    return this.#width;
  }

  /** With the number of values in the denominator. */
  get variance(): number {
    return this.#sumOfSquares / this.#width;
  }

  add(value: number): void {
    this.#totals[0]!.push(value);
    this.#squares[0]!.push(0);
    this.#width += 1;
    if (this.#width > 1) {
      const deviation = value - this.#total / (this.#width - 1);
      this.#sumOfSquares += ((this.#width - 1) * deviation * deviation) / this.#width;
    }
    this.#total += value;
    this.#compress();
  }

  /**
   * Calls `isChange` for each cut between two buckets, oldest first, until it returns true.
   *
   * @returns Whether it did.
   */
  findCut(isChange: (cut: WindowCut) => boolean): boolean {
    let before = 0;
    let after = this.#width;
    let totalBefore = 0;
    let totalAfter = this.#total;
    for (let row = this.#totals.length - 1; row >= 0; row -= 1) {
      const totals = this.#totals[row]!;
      const size = 2 ** row;
      for (let bucket = 0; bucket < totals.length; bucket += 1) {
        before += size;
        after -= size;
        if (after === 0) return false;
        totalBefore += totals[bucket]!;
        totalAfter -= totals[bucket]!;
        if (isChange({ before, after, totalBefore, totalAfter })) return true;
      }
    }
    return false;
  }

  /** Forgets the oldest bucket. */
  dropOldest(): void {
    const row = this.#totals.length - 1;
    const size = 2 ** row;
    const total = this.#totals[row]!.shift()!;
    const squares = this.#squares[row]!.shift()!;
    this.#width -= size;
    this.#total -= total;
    const difference = total / size - this.#total / this.#width;
    this.#sumOfSquares -= squares + (size * this.#width * difference * difference) / (size + this.#width);
    if (this.#totals[row]!.length === 0) {
      this.#totals.pop();
      this.#squares.pop();
    }
  }

  /** Where a row has too many buckets, its two oldest become one of the next row. */
  #compress(): void {
    for (let row = 0; row < this.#totals.length; row += 1) {
      const totals = this.#totals[row]!;
      if (totals.length <= this.#maximumBuckets) return;
      const squares = this.#squares[row]!;
      if (row + 1 === this.#totals.length) {
        this.#totals.push([]);
        this.#squares.push([]);
      }
      const size = 2 ** row;
      const [first, second] = [totals.shift()!, totals.shift()!];
      const [firstSquares, secondSquares] = [squares.shift()!, squares.shift()!];
      const difference = first / size - second / size;
      const between = (size * size * difference * difference) / (size + size);
      this.#totals[row + 1]!.push(first + second);
      this.#squares[row + 1]!.push(firstSquares + secondSquares + between);
    }
  }

  save(): StateRecord {
    return {
      width: this.#width,
      total: this.#total,
      sumOfSquares: this.#sumOfSquares,
      rows: this.#totals.length,
      totals: this.#totals.map((row) => [...row]),
      squares: this.#squares.map((row) => [...row]),
    };
  }

  load(state: StateRecord): void {
    const { width, total, sumOfSquares, rows } = loadRecord(state, [
      "width",
      "total",
      "sumOfSquares",
      "rows",
    ]);
    if (!(rows >= 1 && rows <= rowLimit)) throw new TypeError(`rows is ${rows}`);
    this.#totals = loadRows(state, "totals", rows, this.#maximumBuckets);
    this.#squares = loadRows(state, "squares", rows, this.#maximumBuckets);
    this.#width = width;
    this.#total = total;
    this.#sumOfSquares = sumOfSquares;
  }
}

function loadRows(state: StateRecord, field: string, rows: number, limit: number): number[][] {
  const lists = state[field];
  if (!Array.isArray(lists) || lists.length !== rows) throw new TypeError(`${field} is no list of ${rows}`);
  return lists.map((_, row) => loadNumbers({ [field]: lists[row] }, field, limit));
}
