import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { checkParameter, checkCount } from "../arguments/check-number.ts";
import { logRatio } from "../distances/log-ratio.ts";
import { type CellGroups, equalMassGroups, sumGroups } from "./cell-groups.ts";

/** Options of {@link SlidingCells}. */
export interface SlidingCellsOptions {
  /** Rows of the reference per cell, whole numbers, in the order of the cells. */
  readonly reference: ArrayLike<number>;
  /** How many of the latest rows the window holds, at least 1. */
  readonly windowSize: number;
  /** How many groups of about equal mass the population stability index is taken over; by default 10. */
  readonly groups?: number;
}

/**
 * A window over the latest rows of a stream that knows at all times how far it is from a reference.
 *
 * An addition costs O(log cells) and reading a distance nothing that depends on the window: a tree
 * holds the sum, and the largest and smallest prefix sum, of the gaps. All of it is whole
 * numbers, so nothing drifts, however long it runs. Two bytes for each row of the window, 48 for
 * each cell.
 */
export class SlidingCells {
  readonly windowSize: number;
  readonly #referenceRows: number;
  readonly #leaves: number;
  /** Per node of the tree: the sum of its cells' gaps, and the extremes of its prefix sums. */
  readonly #sums: Float64Array;
  readonly #highs: Float64Array;
  readonly #lows: Float64Array;
  readonly #reference: Float64Array;
  readonly #counts: Float64Array;
  readonly #groups: CellGroups;
  readonly #groupReference: Float64Array;
  readonly #groupCounts: Float64Array;
  readonly #groupTerms: Float64Array;
  readonly #window: Uint16Array;
  #next = 0;
  #size = 0;

  /**
   * @throws InvalidArgumentError for a reference without rows or with more than 65,536 cells, or
   * when its rows times `windowSize` exceed 2⁵³.
   */
  constructor(options: SlidingCellsOptions) {
    const { reference, windowSize, groups = 10 } = options;
    checkCount("options.windowSize", windowSize, 1);
    const isAddressable = reference.length <= 65_536;
    checkParameter("options.reference.length", reference.length, isAddressable, "at most 65536 cells");
    for (let cell = 0; cell < reference.length; cell += 1) {
      checkCount(`options.reference[${cell}]`, reference[cell]!, 0);
    }
    this.#groups = equalMassGroups(reference, groups);
    this.windowSize = windowSize;
    this.#reference = Float64Array.from(reference);
    this.#referenceRows = this.#reference.reduce((sum, rows) => sum + rows, 0);
    if (this.#referenceRows * windowSize > Number.MAX_SAFE_INTEGER) {
      throw new InvalidArgumentError(
        "The rows of options.reference times options.windowSize exceed 2^53; pass a smaller window.",
        { argument: "options.windowSize" },
      );
    }
    this.#leaves = 2 ** Math.ceil(Math.log2(Math.max(reference.length, 2)));
    this.#sums = new Float64Array(2 * this.#leaves);
    this.#highs = new Float64Array(2 * this.#leaves);
    this.#lows = new Float64Array(2 * this.#leaves);
    this.#counts = new Float64Array(reference.length);
    this.#groupReference = sumGroups(reference, this.#groups);
    this.#groupCounts = new Float64Array(this.#groups.groupCount);
    this.#groupTerms = new Float64Array(this.#groups.groupCount);
    this.#window = new Uint16Array(windowSize);
    for (let cell = 0; cell < reference.length; cell += 1) this.#setLeaf(cell);
    for (let node = this.#leaves - 1; node >= 1; node -= 1) this.#join(node);
    for (let group = 0; group < this.#groups.groupCount; group += 1) this.#setTerm(group);
  }

  /** How many rows are in the window: `windowSize` from then on. */
  get size(): number {
    return this.#size;
  }

  /** The window's rows per cell, a copy. */
  get counts(): Float64Array {
    return this.#counts.slice();
  }

  /** The cells of the rows in the window, the oldest first, a copy: adding them to a new one gives this one. */
  get rows(): Uint16Array {
    const rows = new Uint16Array(this.#size);
    const oldest = this.#size < this.windowSize ? 0 : this.#next;
    rows.set(this.#window.subarray(oldest, this.#size));
    rows.set(this.#window.subarray(0, oldest), this.#size - oldest);
    return rows;
  }

  /**
   * Takes in a row by its cell; a full window lets go of its oldest row.
   *
   * @throws InvalidArgumentError for a cell that does not exist.
   */
  add(cell: number): void {
    if (!Number.isInteger(cell) || cell < 0 || cell >= this.#counts.length) {
      throw new InvalidArgumentError(
        `cell is ${String(cell)}; pass a whole number from 0 to ${this.#counts.length - 1}.`,
        { argument: "cell" },
      );
    }
    if (this.#size === this.windowSize) this.#change(this.#window[this.#next]!, -1);
    else this.#fill();
    this.#window[this.#next] = cell;
    this.#next = (this.#next + 1) % this.windowSize;
    this.#change(cell, 1);
  }

  /**
   * The largest gap of the cumulative distributions at the cells' edges: at most the
   * Kolmogorov-Smirnov statistic of the rows themselves, and less by one cell's share at most. In
   * [0, 1]; 0 for an empty window. Constant time for a full window, O(cells) before.
   */
  get kolmogorovDistance(): number {
    if (this.#size < this.windowSize) return this.#scanned();
    return Math.max(this.#highs[1]!, -this.#lows[1]!) / this.#referenceRows / this.windowSize;
  }

  /**
   * The population stability index over the groups, with half a row added to each (Jeffreys). In
   * [0, ∞). Before the window is full, of the rows that are there.
   */
  get populationStabilityIndex(): number {
    let sum = 0;
    for (const term of this.#groupTerms) sum += term;
    return sum;
  }

  /** One row more: every group's share changes with the size. */
  #fill(): void {
    this.#size += 1;
    for (let group = 0; group < this.#groups.groupCount; group += 1) this.#setTerm(group);
  }

  #change(cell: number, rows: number): void {
    this.#counts[cell]! += rows;
    this.#setLeaf(cell);
    for (let node = (cell + this.#leaves) >> 1; node >= 1; node >>= 1) this.#join(node);
    const group = this.#groups.groupOfCell[cell]!;
    this.#groupCounts[group]! += rows;
    this.#setTerm(group);
  }

  /** The cell's gap, times the rows of both sides: a whole number. */
  #setLeaf(cell: number): void {
    const gap = this.#reference[cell]! * this.windowSize - this.#counts[cell]! * this.#referenceRows;
    const leaf = cell + this.#leaves;
    this.#sums[leaf] = gap;
    this.#highs[leaf] = gap;
    this.#lows[leaf] = gap;
  }

  #join(node: number): void {
    const left = 2 * node;
    const right = left + 1;
    const leftSum = this.#sums[left]!;
    this.#sums[node] = leftSum + this.#sums[right]!;
    this.#highs[node] = Math.max(this.#highs[left]!, leftSum + this.#highs[right]!);
    this.#lows[node] = Math.min(this.#lows[left]!, leftSum + this.#lows[right]!);
  }

  #setTerm(group: number): void {
    const cells = this.#groups.groupCount / 2;
    const p = (this.#groupReference[group]! + 0.5) / (this.#referenceRows + cells);
    const q = (this.#groupCounts[group]! + 0.5) / (this.#size + cells);
    this.#groupTerms[group] = (p - q) * logRatio(p, q);
  }

  #scanned(): number {
    if (this.#size === 0) return 0;
    let gap = 0;
    let largest = 0;
    for (let cell = 0; cell < this.#counts.length; cell += 1) {
      gap += this.#reference[cell]! * this.#size - this.#counts[cell]! * this.#referenceRows;
      largest = Math.max(largest, Math.abs(gap));
    }
    return largest / this.#referenceRows / this.#size;
  }
}
