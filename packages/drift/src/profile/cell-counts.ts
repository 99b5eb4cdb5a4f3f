import type { CellCounts } from "./profile.ts";

/** Weights are multiples of this, so that their sums are exact up to 2³³. */
export const weightUnit: number = 2 ** -20;

/** The largest weight a row can have. */
export const maxWeight: number = 2 ** 20;

/** Rounds to a multiple of {@link weightUnit}. */
export function roundWeight(weight: number): number {
  return Math.round(weight / weightUnit) * weightUnit;
}

/** A copy in the narrowest array that holds it. */
export function narrowCounts(counts: Float64Array): CellCounts {
  let largest = 0;
  for (const count of counts) {
    if (count !== Math.floor(count)) return counts.slice();
    if (count > largest) largest = count;
  }
  if (largest < 2 ** 8) return Uint8Array.from(counts);
  if (largest < 2 ** 16) return Uint16Array.from(counts);
  return largest < 2 ** 32 ? Uint32Array.from(counts) : counts.slice();
}

/** Adds counts on the same cells. One loop for each type of array, so that each stays fast. */
export function addCounts(target: Float64Array, counts: CellCounts): void {
  if (counts instanceof Uint8Array) addBytes(target, counts);
  else if (counts instanceof Uint16Array) addNarrow(target, counts);
  else if (counts instanceof Uint32Array) addWide(target, counts);
  else addWeighted(target, counts);
}

function addBytes(target: Float64Array, counts: Uint8Array): void {
  for (let cell = 0; cell < counts.length; cell += 1) target[cell]! += counts[cell]!;
}

function addNarrow(target: Float64Array, counts: Uint16Array): void {
  for (let cell = 0; cell < counts.length; cell += 1) target[cell]! += counts[cell]!;
}

function addWide(target: Float64Array, counts: Uint32Array): void {
  for (let cell = 0; cell < counts.length; cell += 1) target[cell]! += counts[cell]!;
}

function addWeighted(target: Float64Array, counts: Float64Array): void {
  for (let cell = 0; cell < counts.length; cell += 1) target[cell]! += counts[cell]!;
}

/** The sum of all counts. */
export function totalCount(counts: CellCounts): number {
  let total = 0;
  for (let cell = 0; cell < counts.length; cell += 1) total += counts[cell]!;
  return total;
}
