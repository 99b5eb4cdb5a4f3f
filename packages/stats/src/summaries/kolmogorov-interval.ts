import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";

/** Bounds of a Kolmogorov-Smirnov statistic: `lower` ≤ D ≤ `upper`, both in [0, 1]. */
export interface KolmogorovInterval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Certain bounds for the two-sample Kolmogorov-Smirnov statistic D of values of which only the
 * counts per cell are known. No probability is involved: D of the values themselves is inside.
 *
 * At the edges the gap of the two cumulative distributions is known exactly, so D is at least the
 * largest of those. Inside a cell the gap is largest when all of one sample's rows there come
 * before all of the other's. The width is at most the larger share of one cell; it is 0 where
 * every cell holds a single value.
 *
 * @param p - Rows per cell of one sample, in the order of the cells; at least one row.
 * @param q - Rows per cell of the other sample.
 * @param isPoint - Whether a cell holds a single value, so that nothing is hidden inside it. By
 *   default none does.
 * @throws InvalidArgumentError for different lengths, or a sample without rows.
 *
 * @example
 * ```ts
 * kolmogorovInterval([2, 2], [1, 3]); //=> { lower: 0.25, upper: 0.75 }
 * kolmogorovInterval([2, 2], [1, 3], () => true); //=> { lower: 0.25, upper: 0.25 }
 * ```
 */
export function kolmogorovInterval(
  p: ArrayLike<number>,
  q: ArrayLike<number>,
  isPoint: (cell: number) => boolean = () => false,
): KolmogorovInterval {
  if (p.length !== q.length) {
    throw new InvalidArgumentError(
      `q has ${q.length} cells and p has ${p.length}; pass counts over the same cells.`,
      { argument: "q" },
    );
  }
  const n = totalOf(p, "p");
  const m = totalOf(q, "q");
  // Cumulative counts, not cumulative shares: with whole counts, one rounding for each gap.
  let sumP = 0;
  let sumQ = 0;
  let lower = 0;
  let upper = 0;
  for (let cell = 0; cell < p.length; cell += 1) {
    const nextP = sumP + p[cell]!;
    const nextQ = sumQ + q[cell]!;
    const gap = Math.abs(nextP / n - nextQ / m);
    lower = Math.max(lower, gap);
    upper = isPoint(cell)
      ? Math.max(upper, gap)
      : Math.max(upper, Math.abs(nextP / n - sumQ / m), Math.abs(sumP / n - nextQ / m));
    sumP = nextP;
    sumQ = nextQ;
  }
  return { lower: Math.min(lower, 1), upper: Math.min(upper, 1) };
}

function totalOf(counts: ArrayLike<number>, name: string): number {
  let total = 0;
  for (let cell = 0; cell < counts.length; cell += 1) {
    const count = counts[cell]!;
    if (!(count >= 0 && count < Infinity)) {
      throw new InvalidArgumentError(`${name}[${cell}] is ${String(count)}; pass finite counts from 0.`, {
        argument: `${name}[${cell}]`,
      });
    }
    total += count;
  }
  if (total > 0) return total;
  throw new InvalidArgumentError(`${name} has no rows; pass counts with at least one.`, { argument: name });
}
