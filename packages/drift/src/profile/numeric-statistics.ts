import { ExactAccumulator } from "@mlops/stats";
import { totalCount } from "./cell-counts.ts";
import type { NumericSummary } from "./profile.ts";

/** The weight of the finite values. */
export function finiteWeight(summary: NumericSummary): number {
  return totalCount(summary.counts);
}

/** The mean of the finite values; `undefined` where there is none. */
export function summaryMean(summary: NumericSummary): number | undefined {
  const weight = finiteWeight(summary);
  return weight === 0 ? undefined : ExactAccumulator.fromState(summary.sum).value / weight;
}

/** The variance of the finite values, divided by their weight; `undefined` where there is none. */
export function summaryVariance(summary: NumericSummary): number | undefined {
  const mean = summaryMean(summary);
  if (mean === undefined) return undefined;
  const squares = ExactAccumulator.fromState(summary.squares).value / finiteWeight(summary);
  return Math.max(squares - (mean - summary.center) ** 2, 0);
}

/**
 * Where a quantile of the finite values lies: in the cell that holds it, so between `lower` and
 * `upper`. Both are the value itself where the cell holds a single one.
 *
 * @param probability - In [0, 1]: the smallest value with at least this share at or below it.
 * @returns `undefined` where there is no finite value.
 */
export function summaryQuantile(
  summary: NumericSummary,
  probability: number,
): { readonly lower: number; readonly upper: number } | undefined {
  const { cells, counts, minimum, maximum } = summary;
  if (minimum === null || maximum === null) return undefined;
  const wanted = Math.min(Math.max(probability, 0), 1) * finiteWeight(summary);
  let seen = 0;
  let cell = 0;
  for (; cell < counts.length - 1; cell += 1) {
    seen += counts[cell]!;
    if (seen >= wanted && seen > 0) break;
  }
  const upper = Math.min(cells.edges[cell] ?? maximum, maximum);
  const lower = cells.isPoint(cell) ? upper : Math.max(cells.edges[cell - 1] ?? minimum, minimum);
  return { lower, upper };
}
