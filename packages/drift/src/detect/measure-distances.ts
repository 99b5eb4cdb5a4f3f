import {
  type DivergenceName,
  divergenceNullLaw,
  hellingerDistance,
  jensenShannonDivergence,
  klDivergence,
  lInfinityDistance,
  populationStabilityIndex,
  totalVariationDistance,
} from "@mlops/stats";
import { finiteWeight, summaryVariance } from "../profile/numeric-statistics.ts";
import type { NumericSummary } from "../profile/profile.ts";
import type { DistanceResult } from "../verdict/distance-result.ts";
import type { ColumnTest } from "./column-test.ts";
import { mapSides, type Sides } from "./sides.ts";

/** What the distances of a column are computed from. */
export interface DistanceInput {
  /** Weight per cell, special cells with them. */
  readonly counts: Sides<Float64Array>;
  /** Effective rows of each side. */
  readonly rows: Sides<number>;
  /** The level of the calibrated thresholds. */
  readonly level: number;
  /** The test of the values, if there was one. */
  readonly values: ColumnTest | undefined;
  /** The numbers, where the column holds some. */
  readonly numbers: Sides<NumericSummary> | undefined;
}

/** The distances people know, each with what sampling alone makes of it at these sizes. */
export function measureDistances(input: DistanceInput): DistanceResult[] {
  const { counts, rows, level } = input;
  const hasRows = counts.reference.some((count) => count > 0) && counts.current.some((count) => count > 0);
  if (!hasRows || !(rows.reference > 0 && rows.current > 0)) return [];
  const cells = counts.reference.filter((count, cell) => count + counts.current[cell]! > 0).length;
  const lawOf = (
    name: DivergenceName,
  ): Pick<DistanceResult, "expectedWithoutChange" | "calibratedThreshold"> => {
    if (cells < 2) return { expectedWithoutChange: null, calibratedThreshold: null };
    const law = divergenceNullLaw(name, { cells, n: rows.reference, m: rows.current });
    return { expectedWithoutChange: law.mean, calibratedThreshold: law.threshold(level) };
  };
  const rootOf = ({
    expectedWithoutChange,
    calibratedThreshold,
  }: ReturnType<typeof lawOf>): ReturnType<typeof lawOf> => ({
    expectedWithoutChange: expectedWithoutChange === null ? null : Math.sqrt(expectedWithoutChange),
    calibratedThreshold: calibratedThreshold === null ? null : Math.sqrt(calibratedThreshold),
  });
  const none = { expectedWithoutChange: null, calibratedThreshold: null };
  const { reference: p, current: q } = effectiveCounts(counts, rows);
  return [
    {
      name: "psi",
      formula:
        "Σ (p - q) ln(p / q) over the reference's deciles and the special cells, +½ row where one is empty",
      value: populationStabilityIndex(p, q),
      ...lawOf("populationStabilityIndex"),
    },
    {
      name: "kl",
      formula: "Σ q ln(q / p), current against reference, +½ row where a cell is empty",
      value: klDivergence(q, p, { zeros: "jeffreys" }),
      ...lawOf("klDivergence"),
    },
    {
      name: "jensen-shannon",
      formula: "√(½ KL(p‖m) + ½ KL(q‖m)) with m = (p + q)/2, base 2",
      value: Math.sqrt(jensenShannonDivergence(p, q)),
      ...rootOf(lawOf("jensenShannonDivergence")),
    },
    {
      name: "hellinger",
      formula: "√(½ Σ (√p - √q)²)",
      value: hellingerDistance(p, q),
      ...rootOf(lawOf("hellingerDistanceSquared")),
    },
    { name: "total-variation", formula: "½ Σ |p - q|", value: totalVariationDistance(p, q), ...none },
    { name: "l-infinity", formula: "max |p - q|", value: lInfinityDistance(p, q), ...none },
    ...numericDistances(input),
  ];
}

/** The laws are of rows: weights are counted as the rows they are worth. */
function effectiveCounts(counts: Sides<Float64Array>, rows: Sides<number>): Sides<Float64Array> {
  const totals = mapSides(counts, (side) => side.reduce((sum, count) => sum + count, 0));
  return {
    reference: counts.reference.map((count) => (count * rows.reference) / totals.reference),
    current: counts.current.map((count) => (count * rows.current) / totals.current),
  };
}

function numericDistances({ numbers, values, level }: DistanceInput): DistanceResult[] {
  const distances: DistanceResult[] = [];
  if (values?.test.startsWith("kolmogorov") === true) {
    const perRow = Math.sqrt(1 / values.rows.reference + 1 / values.rows.current);
    distances.push({
      name: "kolmogorov-smirnov",
      formula: "max |F - G|",
      value: values.statistic,
      // The mean and the quantile of Kolmogorov's law.
      expectedWithoutChange: Math.sqrt(Math.PI / 2) * Math.LN2 * perRow,
      calibratedThreshold: Math.sqrt(Math.log(2 / level) / 2) * perRow,
    });
  }
  const wasserstein = numbers === undefined ? undefined : wassersteinOnCells(numbers);
  if (wasserstein !== undefined) {
    distances.push({
      name: "wasserstein",
      formula: "∫ |F - G| / the reference's standard deviation, on cells",
      value: wasserstein,
      expectedWithoutChange: null,
      calibratedThreshold: null,
    });
  }
  return distances;
}

/** ∫ |F - G| with both straight inside a cell, in standard deviations of the reference. */
function wassersteinOnCells({ reference, current }: Sides<NumericSummary>): number | undefined {
  const n = finiteWeight(reference);
  const m = finiteWeight(current);
  const deviation = Math.sqrt(summaryVariance(reference) ?? 0);
  if (n === 0 || m === 0 || !(deviation > 0 && deviation < Infinity)) return undefined;
  const { edges } = reference.cells;
  const lowest = Math.min(reference.minimum ?? Infinity, current.minimum ?? Infinity);
  const highest = Math.max(reference.maximum ?? -Infinity, current.maximum ?? -Infinity);
  let area = 0;
  let gap = 0;
  let from = lowest;
  for (let cell = 0; cell < reference.counts.length; cell += 1) {
    const to = Math.max(from, Math.min(edges[cell] ?? highest, highest));
    const next = gap + reference.counts[cell]! / n - current.counts[cell]! / m;
    const width = (to - from) / deviation;
    // The mean of |a straight line| that may cross 0.
    const mean =
      gap * next >= 0
        ? (Math.abs(gap) + Math.abs(next)) / 2
        : (gap * gap + next * next) / (2 * (Math.abs(gap) + Math.abs(next)));
    area += width * mean;
    gap = next;
    from = to;
  }
  return Number.isFinite(area) ? area : undefined;
}
