import { sortFloats } from "../sorting/sort-floats.ts";
import type { Alternative } from "./alternative.ts";
import { EvenCells } from "./even-cells.ts";
import type { KsExtremes } from "./ks-distance.ts";

/** A sample, and how many of its values each cell holds. */
export interface CountedSample {
  readonly values: Float64Array;
  /** Whether the values are in ascending order; those of a cell then need no looking for. */
  readonly isSorted: boolean;
  readonly counts: Uint32Array;
}

/** Cells that suit some samples; `undefined` where they have not two finite values to be spread between. */
export function cellsFor(...samples: readonly Float64Array[]): EvenCells | undefined {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const values of samples) {
    // A thousand of them: what is further out than these is a thousandth of the sample.
    const step = Math.max(Math.floor(values.length / 1_000), 1);
    for (let index = 0; index < values.length; index += step) {
      const value = values[index]!;
      if (!Number.isFinite(value)) continue;
      lowest = Math.min(lowest, value);
      highest = Math.max(highest, value);
    }
  }
  return lowest < highest ? new EvenCells(lowest, highest) : undefined;
}

/**
 * The same as `ksExtremes`, without sorting the samples: at the ends of the cells the distance
 * is known from their counts alone, and only in the few cells that could hold a larger one are the values
 * looked at.
 *
 * @returns What of `KsExtremes` the alternative asks for; of the other side at most the true value.
 *   `undefined` where many values would have to be looked at, and where the distance is 0.
 */
export function ksExtremesByCells(
  cells: EvenCells,
  first: CountedSample,
  second: CountedSample,
  alternative: Alternative,
): KsExtremes | undefined {
  const candidates = findCandidates(cells.count, first, second, alternative);
  const [n, m] = [first.values.length, second.values.length];
  if (candidates.total > (n + m) / 8) return undefined;
  const x = valuesIn(cells, candidates.isMarked, first);
  const y = valuesIn(cells, candidates.isMarked, second);
  let { above, below } = { above: 0, below: 0 };
  let [aboveAt, belowAt] = [Number.NaN, Number.NaN];
  let [i, j] = [0, 0];
  for (const { cell, start } of candidates.found) {
    let difference = start;
    const xEnd = i + first.counts[cell]!;
    const yEnd = j + second.counts[cell]!;
    while (i < xEnd || j < yEnd) {
      const value = Math.min(i < xEnd ? x[i]! : Infinity, j < yEnd ? y[j]! : Infinity);
      for (; i < xEnd && x[i] === value; i += 1) difference += m;
      for (; j < yEnd && y[j] === value; j += 1) difference -= n;
      if (difference > above) [above, aboveAt] = [difference, value];
      if (-difference > below) [below, belowAt] = [-difference, value];
    }
  }
  const wanted = alternative === "greater" ? above : alternative === "less" ? below : Math.max(above, below);
  return wanted === 0 ? undefined : { above, aboveAt, below, belowAt };
}

/** Cells that may hold the extreme, in order. */
interface Candidates {
  /** With `(F₁ - F₂)·n₁·n₂` where the cell begins. */
  readonly found: readonly { readonly cell: number; readonly start: number }[];
  readonly isMarked: Uint8Array;
  /** How many values of both samples they hold. */
  readonly total: number;
}

function findCandidates(
  cellCount: number,
  { values: { length: n }, counts: firstCounts }: CountedSample,
  { values: { length: m }, counts: secondCounts }: CountedSample,
  alternative: Alternative,
): Candidates {
  let [above, below, difference] = [0, 0, 0];
  for (let cell = 0; cell < cellCount; cell += 1) {
    difference += firstCounts[cell]! * m - secondCounts[cell]! * n;
    if (difference > above) above = difference;
    if (-difference > below) below = -difference;
  }
  const both = Math.max(above, below);
  const leastAbove = alternative === "two-sided" ? both : alternative === "greater" ? above : Infinity;
  const leastBelow = alternative === "two-sided" ? both : alternative === "less" ? below : Infinity;

  const found: { cell: number; start: number }[] = [];
  const isMarked = new Uint8Array(cellCount);
  let [start, total] = [0, 0];
  for (let cell = 0; cell < cellCount; cell += 1) {
    const ofFirst = firstCounts[cell]!;
    const ofSecond = secondCounts[cell]!;
    // The most that the order within the cell could make of it.
    const isCandidate = start + ofFirst * m >= leastAbove || ofSecond * n - start >= leastBelow;
    if (isCandidate && ofFirst + ofSecond > 0) {
      found.push({ cell, start });
      isMarked[cell] = 1;
      total += ofFirst + ofSecond;
    }
    start += ofFirst * m - ofSecond * n;
  }
  return { found, isMarked, total };
}

/** The sample's values in the cells that are marked, in ascending order. */
function valuesIn(cells: EvenCells, isMarked: Uint8Array, sample: CountedSample): Float64Array {
  const { values, isSorted, counts } = sample;
  let total = 0;
  for (let cell = 0; cell < cells.count; cell += 1) if (isMarked[cell] === 1) total += counts[cell]!;
  if (!isSorted) return sortFloats(cells.pick(values, isMarked, total));
  const picked = new Float64Array(total);
  let [before, filled] = [0, 0];
  for (let cell = 0; cell < cells.count; cell += 1) {
    const count = counts[cell]!;
    if (isMarked[cell] === 1) {
      picked.set(values.subarray(before, before + count), filled);
      filled += count;
    }
    before += count;
  }
  return picked;
}
