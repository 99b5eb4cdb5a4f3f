import { checkChoice } from "../arguments/check-number.ts";
import { copySample, type Sample } from "../arguments/sample.ts";
import { chiSquaredSf } from "../distributions/chi-squared.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { sum } from "../numeric/sum.ts";
import { copyCounts, type Divergence, powerDivergence } from "./power-divergence.ts";

export interface IndependenceOptions {
  /** Yates' continuity correction, which only tables with one degree of freedom get. Default true. */
  readonly yatesCorrection?: boolean | undefined;
  /** What to do with rows and columns without any count: `refuse` or `drop` them. Default `refuse`. */
  readonly emptyMargins?: "refuse" | "drop" | undefined;
}

export interface IndependenceResult {
  readonly statistic: number;
  readonly pValue: number;
  /** (rows - 1)·(columns - 1), of those that have counts. */
  readonly degreesOfFreedom: number;
  readonly method: Divergence;
  /** The counts that independence leads one to expect, without dropped rows and columns. */
  readonly expected: readonly (readonly number[])[];
  /** Whether Yates' correction was applied. */
  readonly corrected: boolean;
}

/**
 * Pearson's chi-squared test of independence in a table of counts; with one row for each sample it
 * is the test that categorical samples come from one distribution.
 *
 * **Hypothesis**: rows and columns are independent. **Limits**: the p-value is that of large
 * samples; expect at least about 5 in each cell, else use {@link fisherExact} or a permutation test.
 *
 * SciPy: `scipy.stats.chi2_contingency`.
 *
 * @throws {@link InvalidArgumentError} for a table with fewer than 2 rows or columns that have
 *   counts, rows of different lengths, negative counts, or an empty row or column under `refuse`.
 */
export function chiSquaredIndependence(
  table: readonly Sample[],
  options: IndependenceOptions = {},
): IndependenceResult {
  return independence(table, options, "pearson");
}

/**
 * The likelihood-ratio (G) test of independence; hypothesis and limits as for
 * {@link chiSquaredIndependence}. SciPy: `chi2_contingency(lambda_="log-likelihood")`.
 *
 * @throws {@link InvalidArgumentError} as {@link chiSquaredIndependence}.
 */
export function gIndependence(
  table: readonly Sample[],
  options: IndependenceOptions = {},
): IndependenceResult {
  return independence(table, options, "log-likelihood");
}

function independence(
  table: readonly Sample[],
  { yatesCorrection = true, emptyMargins = "refuse" }: IndependenceOptions,
  method: Divergence,
): IndependenceResult {
  checkChoice("options.emptyMargins", emptyMargins, ["refuse", "drop"]);
  const rows = withoutEmptyMargins(copyTable(table), emptyMargins);
  const columns = rows[0]?.length ?? 0;
  const degreesOfFreedom = (rows.length - 1) * (columns - 1);
  if (degreesOfFreedom < 1) {
    throw new InvalidArgumentError(
      `table has ${rows.length} rows and ${columns} columns with counts; pass at least 2 of each.`,
      { argument: "table" },
    );
  }
  const rowTotals = rows.map((row) => sum(row));
  const columnTotals = Array.from({ length: columns }, (_, column) =>
    sum(rows.map((row) => row[column] ?? 0)),
  );
  const total = sum(rowTotals);
  const expected = rowTotals.map((rowTotal) =>
    columnTotals.map((columnTotal) => (rowTotal * columnTotal) / total),
  );
  const corrected = yatesCorrection && degreesOfFreedom === 1;
  const flatExpected = Float64Array.from(expected.flat());
  const flatObserved = Float64Array.from(rows.flatMap((row) => [...row]));
  const statistic = powerDivergence(
    corrected ? flatObserved.map((count, i) => towards(count, flatExpected[i] ?? 0)) : flatObserved,
    flatExpected,
    method,
  );
  return Object.freeze({
    statistic,
    pValue: chiSquaredSf(statistic, degreesOfFreedom),
    degreesOfFreedom,
    method,
    expected: Object.freeze(expected.map((row) => Object.freeze(row))),
    corrected,
  });
}

/** Half a count nearer to what is expected, but not past it. */
function towards(count: number, expected: number): number {
  const difference = expected - count;
  return count + Math.sign(difference) * Math.min(0.5, Math.abs(difference));
}

function copyTable(table: readonly Sample[]): Float64Array[] {
  if (!Array.isArray(table)) {
    throw new InvalidArgumentError(`table is ${String(table)}; pass an array of rows.`, {
      argument: "table",
    });
  }
  const rows = table.map((row: Sample, i) => copyCounts(`table[${i}]`, copySample(`table[${i}]`, row)));
  rows.forEach((row, i) => {
    if (row.length === rows[0]?.length) return;
    throw new InvalidArgumentError(
      `table[${i}] has ${row.length} columns and table[0] has ${rows[0]?.length}; pass rows of one length.`,
      { argument: `table[${i}]` },
    );
  });
  return rows;
}

function withoutEmptyMargins(rows: readonly Float64Array[], emptyMargins: "refuse" | "drop"): Float64Array[] {
  const isEmptyColumn = (column: number) => rows.every((row) => row[column] === 0);
  const emptyRow = rows.findIndex((row) => row.every((count) => count === 0));
  const emptyColumn = rows[0]?.findIndex((_, column) => isEmptyColumn(column)) ?? -1;
  if (emptyMargins === "refuse" && (emptyRow >= 0 || emptyColumn >= 0)) {
    const place = emptyRow >= 0 ? `row ${emptyRow}` : `column ${emptyColumn}`;
    throw new InvalidArgumentError(
      `table has no counts in ${place}; leave it out, or pass emptyMargins: "drop".`,
      { argument: "table" },
    );
  }
  return rows
    .filter((row) => row.some((count) => count > 0))
    .map((row) => row.filter((_, column) => !isEmptyColumn(column)));
}
