import type { ColumnResult } from "../verdict/column-result.ts";
import type { DriftStatus } from "../verdict/drift-status.ts";
import type { Evidence } from "../verdict/evidence.ts";
import type { AdjustedColumn } from "./adjust-columns.ts";
import { applyRules } from "./apply-rules.ts";
import { type ColumnComparison, numbersOf } from "./compare-column.ts";
import { describeEvidence, describePValue, digits } from "./describe-evidence.ts";
import type { ResolvedDriftOptions } from "./drift-options.ts";
import { groupColumn } from "./group-cells.ts";
import { measureDistances } from "./measure-distances.ts";
import { minimumDetectableShift } from "./minimum-detectable-shift.ts";

/** A column's result, without its place among the others. */
export type UnrankedColumn = Omit<ColumnResult, "rank">;

/** What the verdict on one column rests on. */
export interface JudgedColumn {
  readonly comparison: ColumnComparison;
  readonly adjusted: AdjustedColumn | undefined;
  /** How many columns were tested. */
  readonly testedColumns: number;
}

/** The verdict on one column. */
export function judgeColumn(
  { comparison, adjusted, testedColumns }: JudgedColumn,
  options: ResolvedDriftOptions,
): UnrankedColumn {
  const { sides, tests, valueTests, specialCells, valueRows } = comparison;
  const levelPerColumn = options.level / Math.max(testedColumns, 1);
  const evidence = tests
    .map((test, index): Evidence => ({ ...test, isSignificant: adjusted?.isSignificant[index] ?? false }))
    .sort(byStrength);
  // A mean's shift is in other units than a share of rows.
  const detectable = valueTests
    .filter(({ test }) => test !== "mean-shift")
    .map((test) => minimumDetectableShift(test, levelPerColumn / tests.length));
  const detectableShift = detectable.length === 0 ? null : Math.max(...detectable);
  const deciles = groupColumn(sides.columns, sides.weight, specialCells, 10);
  const values = valueTests.find(({ subject }) => subject === "values");
  const distances = measureDistances({
    counts: deciles.counts,
    rows: sides.rows,
    level: levelPerColumn,
    values,
    numbers: numbersOf(sides.columns),
  });
  return {
    name: sides.columns.reference.name,
    kind: sides.columns.reference.kind,
    ...statusOf(evidence, detectableShift, comparison, options),
    pValue: adjusted?.pValue ?? null,
    adjustedPValue: adjusted?.adjustedPValue ?? null,
    evidence,
    minimumDetectableShift: detectableShift,
    valueRows,
    specialCells,
    distances,
    rules: applyRules(distances, values, levelPerColumn),
    bins: groupColumn(sides.columns, sides.weight, specialCells, 24).bins,
  };
}

function byStrength(left: Evidence, right: Evidence): number {
  return (
    Number(right.isSignificant) - Number(left.isSignificant) ||
    left.pValue.high - right.pValue.high ||
    Math.abs(right.effect.estimate) - Math.abs(left.effect.estimate)
  );
}

export function statusOf(
  evidence: readonly Evidence[],
  detectableShift: number | null,
  { sides, valueRows }: ColumnComparison,
  options: ResolvedDriftOptions,
): { readonly status: DriftStatus; readonly reason: string } {
  const significant = evidence.filter(({ isSignificant }) => isSignificant);
  const material = significant.find(({ effect }) => effect.materiality !== "negligible");
  if (material !== undefined) {
    return { status: "drift", reason: `${sentence(describeEvidence(material))}${noteOn(sides)}` };
  }
  if (sides.rows.current === 0 || sides.rows.reference === 0) {
    const side = sides.rows.current === 0 ? "current data have" : "reference has";
    return { status: "not-enough-data", reason: `The ${side} no rows.` };
  }
  if (detectableShift === null) {
    const side = valueRows.current === 0 ? "current data have" : "reference has";
    return { status: "not-enough-data", reason: `The ${side} no value to compare.` };
  }
  if (detectableShift > options.detectableShift) {
    return {
      status: "not-enough-data",
      reason: `With ${rowsText(valueRows.current)} against ${rowsText(valueRows.reference)} only a change of ${digits(100 * detectableShift)} % of rows would most likely be found, and one of ${digits(100 * options.detectableShift)} % should be.`,
    };
  }
  const [strongest] = significant;
  if (strongest !== undefined) {
    const limit =
      strongest.effect.measure === "standardized-mean-shift"
        ? `${digits(strongest.effect.threshold)} standard deviations`
        : `${digits(100 * strongest.effect.threshold)} %`;
    return {
      status: "stable",
      reason: `${sentence(describeEvidence(strongest))} A change below ${limit} does not matter.`,
    };
  }
  const pValue = evidence[0]?.pValue.high ?? 1;
  return {
    status: "stable",
    reason: `No change: p ${describePValue(pValue)}; one of ${digits(100 * detectableShift)} % of rows would most likely have been found.`,
  };
}

/** Later moments are no surprise where they are the time of the row itself. */
function noteOn({ columns: { reference, current } }: ColumnComparison["sides"]): string {
  if (reference.kind !== "datetime" || current.kind !== "datetime") return "";
  const { maximum } = reference.numbers;
  const { minimum } = current.numbers;
  if (maximum === null || minimum === null || minimum <= maximum) return "";
  return " All current moments are later than the reference's: if they are the time of the row itself, exclude the column.";
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function rowsText(rows: number): string {
  return `${digits(rows)} ${rows === 1 ? "row" : "rows"}`;
}
