import type { Sides } from "./sides.ts";

/** Counts on cells that all expect enough rows. */
export interface PooledCells {
  readonly counts: Sides<Float64Array>;
  /** How many cells went into the common one. */
  readonly pooled: number;
}

/**
 * Takes the cells together that expect fewer than `least` rows on either side. Which they are
 * follows from both sides' counts together, so that the choice itself favours no side.
 *
 * @param rare - Counts that always belong to the common cell.
 */
export function poolRareCells(
  counts: Sides<ArrayLike<number>>,
  least: number,
  rare: Sides<number> = { reference: 0, current: 0 },
): PooledCells {
  const rows = {
    reference: totalOf(counts.reference) + rare.reference,
    current: totalOf(counts.current) + rare.current,
  };
  const smallerShare = Math.min(rows.reference, rows.current) / (rows.reference + rows.current);
  const kept: (readonly [number, number])[] = [];
  const common: [number, number] = [rare.reference, rare.current];
  let pooled = 0;
  for (let cell = 0; cell < counts.reference.length; cell += 1) {
    const pair = [counts.reference[cell]!, counts.current[cell]!] as const;
    if (pair[0] + pair[1] === 0) continue;
    if ((pair[0] + pair[1]) * smallerShare >= least) {
      kept.push(pair);
      continue;
    }
    common[0] += pair[0];
    common[1] += pair[1];
    pooled += 1;
  }
  if (common[0] + common[1] > 0) {
    kept.sort((left, right) => left[0] + left[1] - right[0] - right[1]);
    // Too few even together: the smallest of the others joins them, while two cells are left.
    while ((common[0] + common[1]) * smallerShare < least && kept.length > 1) {
      const [smallest] = kept.splice(0, 1);
      common[0] += smallest![0];
      common[1] += smallest![1];
      pooled += 1;
    }
    kept.push(common);
  }
  return {
    counts: {
      reference: Float64Array.from(kept, ([reference]) => reference),
      current: Float64Array.from(kept, ([, current]) => current),
    },
    pooled,
  };
}

/** The sum of all counts. */
export function totalOf(counts: ArrayLike<number>): number {
  let total = 0;
  for (let cell = 0; cell < counts.length; cell += 1) total += counts[cell]!;
  return total;
}
