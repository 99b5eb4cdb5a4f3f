import { kolmogorovInterval, kolmogorovOneSampleSf, pelzGoodCdf } from "@mlops/stats";
import { IncompatibleProfilesError } from "../errors/incompatible-profiles-error.ts";
import { totalCount } from "./cell-counts.ts";
import type { NumericSummary } from "./profile.ts";
import { haveSameCells } from "./same-cells.ts";

/** What two summaries tell about the two-sample Kolmogorov-Smirnov test on their values. */
export interface KolmogorovBounds {
  /** The statistic D is at least this. */
  readonly lower: number;
  /** The statistic D is at most this. */
  readonly upper: number;
  /** The p-value of `upper`: the test's own is at least this. */
  readonly pValueLower: number;
  /** The p-value of `lower`: the test's own is at most this. */
  readonly pValueUpper: number;
}

/** The rows to test with, where weights make the counts something else. */
export interface KolmogorovSizes {
  /** Effective rows of the reference; by default the weight of its numbers. */
  readonly referenceRows?: number;
  /** Effective rows of the current data; by default the weight of its numbers. */
  readonly currentRows?: number;
}

/**
 * Bounds for the two-sample Kolmogorov-Smirnov statistic between the values behind two summaries on
 * the same cells, without the values. They are certain, unless the reference was learned from a
 * long stream (`rankError` above 0), by which they are then widened. Infinities take part as
 * the values they are; NaN and missing ones do not.
 *
 * Hypothesis: both were drawn from one continuous distribution. The p-value is the asymptotic one
 * of SciPy's `ks_2samp`, P(D ≥ d) for one sample of nm/(n + m) rows; with ties it is conservative.
 *
 * @returns `undefined` while either has no numbers.
 * @throws IncompatibleProfilesError `INCOMPATIBLE_PROFILES` unless both were counted on the same cells.
 */
export function kolmogorovBounds(
  reference: NumericSummary,
  current: NumericSummary,
  sizes: KolmogorovSizes = {},
): KolmogorovBounds | undefined {
  if (!haveSameCells(reference, current)) {
    throw new IncompatibleProfilesError({ problem: "the summaries have different cells" });
  }
  const p = withInfinities(reference);
  const q = withInfinities(current);
  const n = sizes.referenceRows ?? totalCount(p);
  const m = sizes.currentRows ?? totalCount(q);
  if (!(totalCount(p) > 0 && totalCount(q) > 0 && n > 0 && m > 0)) return undefined;
  const isPoint = (cell: number): boolean =>
    cell === 0 || cell === p.length - 1 || reference.cells.isPoint(cell - 1);
  const bounds = kolmogorovInterval(p, q, isPoint);
  const slack = reference.rankError + current.rankError;
  const lower = Math.max(bounds.lower - slack, 0);
  const upper = Math.min(bounds.upper + slack, 1);
  const rows = Math.max(Math.round((n * m) / (n + m)), 1);
  return {
    lower,
    upper,
    pValueLower: tailOf(upper, rows),
    pValueUpper: tailOf(lower, rows),
  };
}

/** The cells in their order, with one at each end for the infinities. */
function withInfinities({ counts, negativeInfinity, positiveInfinity }: NumericSummary): Float64Array {
  const all = new Float64Array(counts.length + 2);
  all[0] = negativeInfinity;
  // A loop, because `set` is slow where it converts.
  for (let cell = 0; cell < counts.length; cell += 1) all[cell + 1] = counts[cell]!;
  all[all.length - 1] = positiveInfinity;
  return all;
}

/** From so many rows on the expansion of Pelz and Good is as good as the exact law, here to 1e-5. */
const expansionRows = 300;

/**
 * P(D ≥ distance) for one sample. Exact where that is quick, in small samples and far tails; the exact
 * law of some thousand rows takes a tenth of a second, for each column.
 */
function tailOf(distance: number, rows: number): number {
  if (rows < expansionRows || rows * distance * distance > 4) return kolmogorovOneSampleSf(distance, rows);
  if (distance * rows <= 0.5) return 1;
  return Math.min(Math.max(1 - pelzGoodCdf(distance, rows), 0), 1);
}
