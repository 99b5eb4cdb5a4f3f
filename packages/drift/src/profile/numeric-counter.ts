import { powerOfTwoScale, RoundedSum } from "@mlops/stats";
import { narrowCounts } from "./cell-counts.ts";
import { MergedCounts } from "./merged-counts.ts";
import type { NumericSummary } from "./profile.ts";

/** The frozen part of a {@link NumericSummary}. */
export type NumericLayout = Pick<NumericSummary, "cells" | "center" | "spread">;

const chunkSize = 4096;

/** Counts numbers on the cells of a layout. */
export class NumericCounter {
  readonly #layout: NumericLayout;
  readonly #counts: Float64Array;
  /** What was merged and may not be in the counts yet. */
  #merged: MergedCounts | undefined;
  readonly #sum: RoundedSum;
  readonly #squares: RoundedSum;
  #nan = 0;
  #negativeInfinity = 0;
  #positiveInfinity = 0;
  #minimum = Infinity;
  #maximum = -Infinity;
  #rankError = 0;

  constructor(layout: NumericLayout) {
    this.#layout = layout;
    this.#counts = new Float64Array(layout.cells.cellCount);
    this.#sum = new RoundedSum(powerOfTwoScale(Math.abs(layout.center) + layout.spread));
    this.#squares = new RoundedSum(powerOfTwoScale(layout.spread * layout.spread));
  }

  /** Counts a number with the weight of its row. */
  add(value: number, weight: number): void {
    if (!Number.isFinite(value)) {
      this.#addSpecial(value, weight);
      return;
    }
    this.#counts[this.#layout.cells.indexOf(value)]! += weight;
    if (value < this.#minimum) this.#minimum = value;
    if (value > this.#maximum) this.#maximum = value;
    this.#sum.add(clamped(value * weight));
    this.#squares.add(clamped((value - this.#layout.center) ** 2 * weight));
  }

  /** Counts many numbers of weight 1: the same as adding each, in tight loops. */
  addAll(values: ArrayLike<number>): void {
    const chunk = new Float64Array(Math.min(values.length, chunkSize));
    for (let start = 0; start < values.length; start += chunkSize) {
      this.#addChunk(chunk, values, start, Math.min(values.length, start + chunkSize));
    }
  }

  merge(summaries: readonly NumericSummary[]): void {
    for (const summary of summaries) {
      this.#nan += summary.nan;
      this.#negativeInfinity += summary.negativeInfinity;
      this.#positiveInfinity += summary.positiveInfinity;
      this.#minimum = Math.min(this.#minimum, summary.minimum ?? Infinity);
      this.#maximum = Math.max(this.#maximum, summary.maximum ?? -Infinity);
      this.#sum.addState(summary.sum);
      this.#squares.addState(summary.squares);
      this.#rankError = Math.max(this.#rankError, summary.rankError);
    }
    this.#merged ??= new MergedCounts(this.#counts);
    this.#merged.add(summaries.map(({ counts }) => counts));
  }

  build(): NumericSummary {
    this.#merged?.flush();
    return {
      cells: this.#layout.cells,
      center: this.#layout.center,
      spread: this.#layout.spread,
      counts: narrowCounts(this.#counts),
      nan: this.#nan,
      negativeInfinity: this.#negativeInfinity,
      positiveInfinity: this.#positiveInfinity,
      // -0 and 0 are one value: which of them came first must leave no trace.
      minimum: this.#minimum === Infinity ? null : this.#minimum + 0,
      maximum: this.#maximum === -Infinity ? null : this.#maximum + 0,
      sum: this.#sum.toState(),
      squares: this.#squares.toState(),
      rankError: this.#rankError,
    };
  }

  #addSpecial(value: number, weight: number): void {
    if (value === Infinity) this.#positiveInfinity += weight;
    else if (value === -Infinity) this.#negativeInfinity += weight;
    else this.#nan += weight;
  }

  /** @param chunk - Room for the finite ones of the values from `start` to `end`. */
  #addChunk(chunk: Float64Array, values: ArrayLike<number>, start: number, end: number): void {
    const { cells, center } = this.#layout;
    let kept = 0;
    let minimum = this.#minimum;
    let maximum = this.#maximum;
    for (let index = start; index < end; index += 1) {
      const value = values[index]!;
      // Only finite numbers give 0 here.
      if (value - value !== 0) {
        this.#addSpecial(value, 1);
        continue;
      }
      chunk[kept] = value;
      kept += 1;
      if (value < minimum) minimum = value;
      if (value > maximum) maximum = value;
    }
    this.#minimum = minimum;
    this.#maximum = maximum;
    cells.countInto(this.#counts, chunk, kept);
    this.#sum.addAll(chunk, kept);
    for (let index = 0; index < kept; index += 1) {
      const deviation = chunk[index]! - center;
      const square = deviation * deviation;
      chunk[index] = square < Number.MAX_VALUE ? square : Number.MAX_VALUE;
    }
    this.#squares.addAll(chunk, kept);
  }
}

/** What is too large for a double counts as the largest one: a sum must stay finite to stay exact. */
function clamped(value: number): number {
  return Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE);
}
