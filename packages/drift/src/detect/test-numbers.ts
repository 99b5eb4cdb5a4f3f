import { equalMassGroups, ksTwoSample, sumGroups } from "@mlops/stats";
import { totalCount } from "../profile/cell-counts.ts";
import { kolmogorovBounds } from "../profile/kolmogorov-bounds.ts";
import type { NumericSummary } from "../profile/profile.ts";
import type { EvidenceSubject } from "../verdict/evidence.ts";
import type { ColumnTest, TestSettings } from "./column-test.ts";
import { kolmogorovEffect } from "./effect.ts";
import { totalOf } from "./pool-rare-cells.ts";
import { mapSides, type Sides } from "./sides.ts";
import { testCells } from "./test-cells.ts";

/**
 * From this chance on that two rows have the same value, numbers are tested as cells: with so many
 * ties the p-value of Kolmogorov-Smirnov is far too large. 1/50 for fifty equally likely values.
 */
const manyTies = 0.02;
/** Exact p-values take a step for each pair of rows. */
const mostPairs = 1_000_000;

/** Numbers to compare. */
export interface NumbersToTest {
  readonly subject: EvidenceSubject;
  readonly summaries: Sides<NumericSummary>;
  /** Effective rows for each unit of weight. */
  readonly scale: Sides<number>;
  /** The values themselves, where both are there and each counts once; NaN is passed over. */
  readonly values?: Sides<Float64Array> | undefined;
}

/**
 * Tests whether two samples of numbers have one distribution: by Kolmogorov and Smirnov, exactly where
 * both samples are there and small, else on the profile's cells; by χ² where ties are many.
 *
 * @returns `undefined` where a side has no number.
 */
export function testNumbers(numbers: NumbersToTest, settings: TestSettings): ColumnTest | undefined {
  const { subject, summaries, scale } = numbers;
  const rows = {
    reference: rowsOf(summaries.reference) * scale.reference,
    current: rowsOf(summaries.current) * scale.current,
  };
  if (!(rows.reference > 0 && rows.current > 0)) return undefined;
  const bounds = kolmogorovBounds(summaries.reference, summaries.current, {
    referenceRows: rows.reference,
    currentRows: rows.current,
  });
  if (bounds === undefined) return undefined;
  const bounding = { confidence: settings.confidence, threshold: settings.materialShift };
  const ties = tieChance(numbers);
  if (ties > manyTies) return testTied(numbers, rows, ties, settings);
  const exact = exactTest(numbers);
  if (exact !== undefined) {
    const { statistic, pValue } = exact;
    return {
      subject,
      test: "kolmogorov-smirnov-exact",
      why: "numbers with few ties, both samples at hand and small",
      statistic,
      degreesOfFreedom: null,
      pValue: { low: pValue, high: pValue },
      effect: kolmogorovEffect({ lower: statistic, upper: statistic }, rows, bounding),
      rows,
    };
  }
  return {
    subject,
    test: "kolmogorov-smirnov-on-cells",
    why: `numbers with few ties, counted on ${summaries.reference.cells.cellCount} cells, which bound D`,
    statistic: bounds.lower,
    degreesOfFreedom: null,
    pValue: { low: Math.min(bounds.pValueLower, bounds.pValueUpper), high: bounds.pValueUpper },
    effect: kolmogorovEffect(bounds, rows, bounding),
    rows,
  };
}

/** Weight of the numbers, with infinities, without NaN. */
export function rowsOf({ counts, negativeInfinity, positiveInfinity }: NumericSummary): number {
  return totalCount(counts) + negativeInfinity + positiveInfinity;
}

/** The effective rows per cell of both together, with a cell at each end for the infinities. */
function cellsOf(summary: NumericSummary, scale: number): Float64Array {
  const { counts, negativeInfinity, positiveInfinity } = summary;
  const cells = new Float64Array(counts.length + 2);
  for (let cell = 0; cell < counts.length; cell += 1) cells[cell + 1] = counts[cell]! * scale;
  cells[0] = negativeInfinity * scale;
  cells[cells.length - 1] = positiveInfinity * scale;
  return cells;
}

/** Whether all in a cell have one value, as infinities have. */
function isPointCell({ cells, counts }: NumericSummary, cell: number): boolean {
  return cell === 0 || cell === counts.length + 1 || cells.isPoint(cell - 1);
}

/** How likely two different rows are to have the same value, as far as the cells tell. */
function tieChance({ summaries, scale }: NumbersToTest): number {
  const reference = cellsOf(summaries.reference, scale.reference);
  const current = cellsOf(summaries.current, scale.current);
  let pairs = 0;
  let total = 0;
  for (let cell = 0; cell < reference.length; cell += 1) {
    const count = reference[cell]! + current[cell]!;
    total += count;
    if (isPointCell(summaries.reference, cell)) pairs += count * Math.max(count - 1, 0);
  }
  return total > 1 ? pairs / (total * (total - 1)) : 0;
}

function testTied(
  { subject, summaries, scale }: NumbersToTest,
  rows: Sides<number>,
  ties: number,
  settings: TestSettings,
): ColumnTest | undefined {
  const counts = {
    reference: cellsOf(summaries.reference, scale.reference),
    current: cellsOf(summaries.current, scale.current),
  };
  const together = counts.reference.map((count, cell) => count + counts.current[cell]!);
  const most = Math.min(Math.max(Math.floor(Math.min(rows.reference, rows.current) / 10), 2), 20);
  // Both sides together say best where to part, and favour none. But where some values lie between
  // those of the reference, a run of them cannot be parted: then the reference's own quantiles do.
  const between = together.filter((_, cell) => !isPointCell(summaries.reference, cell));
  const hasBetween = totalOf(between) > 0.02 * totalOf(together);
  const groups = equalMassGroups(hasBetween ? counts.reference : together, most);
  const grouped = mapSides(counts, (side) => sumGroups(side, groups));
  const what = `two rows have the same value with probability ${ties.toPrecision(2)}, so values`;
  return testCells({ subject, counts: grouped, what }, settings);
}

function exactTest({
  values,
}: NumbersToTest): { readonly statistic: number; readonly pValue: number } | undefined {
  if (values === undefined) return undefined;
  const { reference, current } = values;
  if (reference.length * current.length > mostPairs) return undefined;
  if (reference.length === 0 || current.length === 0) return undefined;
  const { statistic, pValue } = ksTwoSample(reference, current, { method: "exact" });
  return { statistic, pValue: Math.min(Math.max(pValue, 0), 1) };
}
