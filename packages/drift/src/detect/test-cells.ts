import { chiSquaredSf, createRandom, fisherExact, monteCarloPValue } from "@mlops/stats";
import type { EvidenceSubject } from "../verdict/evidence.ts";
import type { ColumnTest, TestSettings } from "./column-test.ts";
import { drawHypergeometric } from "./draw-hypergeometric.ts";
import { totalVariationEffect } from "./effect.ts";
import { poolRareCells, totalOf } from "./pool-rare-cells.ts";
import { mapSides, type Sides } from "./sides.ts";

/** Cells that expect fewer rows than this are pooled: below it the law of χ² is no guide. */
const leastExpected = 5;
/** Permutations cost time, so there are no more than this; nor is a p-value below about its inverse. */
const mostResamples = 49_999;
/** From so many expected rows on, the law of χ² is trusted at the small levels of many columns. */
const amplyExpected = 30;

/** Counts to compare, and what they are of. */
export interface CellsToTest {
  readonly subject: EvidenceSubject;
  /** Effective rows per cell. */
  readonly counts: Sides<ArrayLike<number>>;
  /** Rows that always belong to the common cell of rare ones. */
  readonly rare?: Sides<number>;
  /** What these cells are, as the beginning of a sentence: "categories". */
  readonly what: string;
}

/**
 * Tests whether two samples fall into cells with the same probabilities: Fisher's exact test for two
 * cells, Pearson's χ² for more; and where cells expect few rows and the p-value is small enough
 * to count, its permutation distribution in place of the law of χ², or, at a level below what
 * permutations can show, Fisher's test of each cell against the others.
 *
 * @returns `undefined` where a side has no row.
 */
export function testCells(cells: CellsToTest, settings: TestSettings): ColumnTest | undefined {
  const { counts, pooled } = poolRareCells(cells.counts, leastExpected, cells.rare);
  const rows = mapSides(counts, totalOf);
  if (!(rows.reference > 0 && rows.current > 0)) return undefined;
  const count = counts.reference.length;
  const effect = totalVariationEffect(counts, rows, {
    confidence: settings.confidence,
    threshold: settings.materialShift,
  });
  const about = { subject: cells.subject, effect, rows };
  const pooling = pooled > 1 ? `, ${pooled} rare ones taken together` : "";
  const statistic = chiSquareOf(counts, rows);
  const degreesOfFreedom = Math.max(count - 1, 0);
  if (count === 2) {
    return {
      ...about,
      test: "fisher-exact",
      why: `${cells.what} in two cells${pooling}: exact at any size`,
      statistic: counts.current[0]! / rows.current - counts.reference[0]! / rows.reference,
      degreesOfFreedom: null,
      pValue: certain(fisherOf({ reference: counts.reference[0]!, current: counts.current[0]! }, rows)),
    };
  }
  const pValue = degreesOfFreedom === 0 ? 1 : chiSquaredSf(statistic, degreesOfFreedom);
  const expected = leastExpectedOf(counts, rows);
  // Beyond 1e-15 no correction of the law's tail could matter.
  const needsPermutation = settings.isWholeRows && expected < amplyExpected && pValue > 1e-15 && pValue < 0.1;
  if (!needsPermutation) {
    return {
      ...about,
      test: "chi-square",
      why: `${cells.what} in ${count} cells${pooling}, at least ${expected.toPrecision(3)} rows expected in each`,
      statistic,
      degreesOfFreedom,
      pValue: certain(pValue),
    };
  }
  if (settings.levelPerColumn * mostResamples < 20) {
    const { pValue: exact, difference } = cellByCell(counts, rows);
    return {
      ...about,
      test: "fisher-exact",
      why: `${cells.what} in ${count} cells${pooling}, each against all others, only ${expected.toPrecision(3)} rows expected in one: exact at a level that permutations cannot reach`,
      statistic: difference,
      degreesOfFreedom,
      pValue: certain(exact),
    };
  }
  const permuted = permutationPValue(counts, rows, statistic, settings);
  return {
    ...about,
    test: "chi-square-permutation",
    why: `${cells.what} in ${count} cells${pooling}, only ${expected.toPrecision(3)} rows expected in one: by permutation`,
    statistic,
    degreesOfFreedom,
    pValue: certain(permuted),
  };
}

/** Fisher's exact p-value for a share; effective rows are rounded to whole ones. */
export function fisherOf(counts: Sides<number>, rows: Sides<number>): number {
  const inside = mapSides(counts, Math.round);
  const outside = {
    reference: Math.max(Math.round(rows.reference) - inside.reference, 0),
    current: Math.max(Math.round(rows.current) - inside.current, 0),
  };
  const { pValue } = fisherExact([
    [inside.reference, outside.reference],
    [inside.current, outside.current],
  ]);
  return Math.min(Math.max(pValue, 0), 1);
}

/** The smallest p-value of any cell against all others, times their number; and that cell's difference. */
function cellByCell(
  { reference, current }: Sides<Float64Array>,
  rows: Sides<number>,
): { readonly pValue: number; readonly difference: number } {
  let pValue = 1;
  let difference = 0;
  for (let cell = 0; cell < reference.length; cell += 1) {
    const ofCell = fisherOf({ reference: reference[cell]!, current: current[cell]! }, rows);
    if (ofCell > pValue) continue;
    pValue = ofCell;
    difference = current[cell]! / rows.current - reference[cell]! / rows.reference;
  }
  return { pValue: Math.min(pValue * reference.length, 1), difference };
}

function certain(pValue: number): { readonly low: number; readonly high: number } {
  return { low: pValue, high: pValue };
}

/** Pearson's statistic for two samples: Σ (√(m/n)·a - √(n/m)·b)² / (a + b). */
function chiSquareOf({ reference, current }: Sides<ArrayLike<number>>, rows: Sides<number>): number {
  const a = Math.sqrt(rows.current / rows.reference);
  let sum = 0;
  for (let cell = 0; cell < reference.length; cell += 1) {
    const together = reference[cell]! + current[cell]!;
    if (together > 0) sum += (a * reference[cell]! - current[cell]! / a) ** 2 / together;
  }
  return sum;
}

function leastExpectedOf({ reference, current }: Sides<Float64Array>, rows: Sides<number>): number {
  const smallerShare = Math.min(rows.reference, rows.current) / (rows.reference + rows.current);
  let least = Infinity;
  for (let cell = 0; cell < reference.length; cell += 1) {
    least = Math.min(least, (reference[cell]! + current[cell]!) * smallerShare);
  }
  return least;
}

/** All rows are dealt to the two sides anew; how often is χ² at least as large? */
function permutationPValue(
  counts: Sides<Float64Array>,
  rows: Sides<number>,
  statistic: number,
  settings: TestSettings,
): number {
  const random = createRandom(settings.seed);
  const together = counts.reference.map((count, cell) => count + counts.current[cell]!);
  const dealt = { reference: new Float64Array(together.length), current: new Float64Array(together.length) };
  const draw = (): number => {
    let population = rows.reference + rows.current;
    let draws = rows.current;
    for (let cell = 0; cell < together.length; cell += 1) {
      const drawn = drawHypergeometric(random, population, together[cell]!, draws);
      dealt.current[cell] = drawn;
      dealt.reference[cell] = together[cell]! - drawn;
      population -= together[cell]!;
      draws -= drawn;
    }
    return chiSquareOf(dealt, rows);
  };
  const resamples = Math.min(Math.max(Math.ceil(20 / settings.levelPerColumn), 999), mostResamples);
  return monteCarloPValue(statistic, draw, { resamples, stopAfter: 20 }).pValue;
}
