import { studentTSf, studentTQuantile } from "@mlops/stats";
import { embeddingMean, embeddingVariance } from "../profile/embedding-column-counter.ts";
import type { EmbeddingColumn } from "../profile/profile.ts";
import type { ColumnTest, TestSettings } from "./column-test.ts";
import { effectOf } from "./effect.ts";
import { harmonicRows, type Sides } from "./sides.ts";
import { rowsOf, testNumbers } from "./test-numbers.ts";

/**
 * Tests whether two samples of vectors have one mean, one distribution of norms, and one of distances
 * from the reference's mean.
 *
 * The reference's own mean is nearer to its vectors than to others, by 2 variances in n. The
 * distances are tested only where that is far below what the test could see.
 */
export function testEmbedding(
  columns: Sides<EmbeddingColumn>,
  scale: Sides<number>,
  settings: TestSettings,
): ColumnTest[] {
  const { reference, current } = columns;
  const rows = {
    reference: rowsOf(reference.norm) * scale.reference,
    current: rowsOf(current.norm) * scale.current,
  };
  if (!(rows.reference > 0 && rows.current > 0)) return [];
  const tests = [
    testMean(columns, rows, settings),
    testNumbers(
      { subject: "norm", summaries: { reference: reference.norm, current: current.norm }, scale },
      settings,
    ),
  ];
  // In units of D: 0.4 for a shift of one standard deviation, which is √(variance² · 2 / dimensions).
  const optimism = (0.4 * Math.sqrt(2 * reference.dimensions)) / rows.reference;
  if (optimism * Math.sqrt(harmonicRows(rows)) < 0.1) {
    const summaries = { reference: reference.distance, current: current.distance };
    tests.push(testNumbers({ subject: "distance", summaries, scale }, settings));
  }
  return tests.filter((test) => test !== undefined);
}

/** Welch's t-test of every dimension's mean; the smallest p-value times the number of dimensions. */
function testMean(
  { reference, current }: Sides<EmbeddingColumn>,
  rows: Sides<number>,
  settings: TestSettings,
): ColumnTest | undefined {
  const means = { reference: embeddingMean(reference), current: embeddingMean(current) };
  const variances = { reference: embeddingVariance(reference), current: embeddingVariance(current) };
  if (rows.reference < 3 || rows.current < 3) return undefined;
  if (means.reference === undefined || means.current === undefined) return undefined;
  let largest: DimensionShift = { z: 0, freedom: 1, shift: 0, standardError: 0, pValue: 1, dimension: 0 };
  for (let dimension = 0; dimension < reference.dimensions; dimension += 1) {
    const shift = shiftOf(
      means.current[dimension]! - means.reference[dimension]!,
      {
        reference: variances.reference?.[dimension] ?? 0,
        current: variances.current?.[dimension] ?? 0,
      },
      rows,
      // Components are counted in steps of 2^-24 of the scale.
      2 ** -20 * reference.scale,
    );
    if (shift.pValue < largest.pValue) largest = { ...shift, dimension };
  }
  const pValue = Math.min(largest.pValue * reference.dimensions, 1);
  // All dimensions were looked at for the largest, so the interval is for all of them.
  const tail = (1 - settings.confidence) / 2 / reference.dimensions;
  const margin = studentTQuantile(1 - tail, largest.freedom) * largest.standardError;
  return {
    subject: "mean",
    test: "mean-shift",
    why: `the mean of each of ${reference.dimensions} dimensions by Welch's t-test, here dimension ${largest.dimension}`,
    statistic: largest.z,
    degreesOfFreedom: largest.freedom,
    pValue: { low: pValue, high: pValue },
    effect: effectOf("standardized-mean-shift", {
      estimate: largest.shift,
      low: largest.shift - margin,
      high: largest.shift + margin,
      confidence: settings.confidence,
      threshold: settings.materialMeanShift,
    }),
    rows,
  };
}

interface DimensionShift {
  readonly z: number;
  readonly freedom: number;
  /** In standard deviations. */
  readonly shift: number;
  readonly standardError: number;
  readonly pValue: number;
  readonly dimension: number;
}

function shiftOf(
  difference: number,
  variances: Sides<number>,
  rows: Sides<number>,
  resolution: number,
): Omit<DimensionShift, "dimension"> {
  const least = resolution * resolution;
  const a = Math.max(variances.reference, least) / (rows.reference - 1);
  const b = Math.max(variances.current, least) / (rows.current - 1);
  const freedom = (a + b) ** 2 / (a ** 2 / (rows.reference - 1) + b ** 2 / (rows.current - 1));
  const deviation = Math.sqrt(
    Math.max(
      (variances.reference * rows.reference + variances.current * rows.current) /
        (rows.reference + rows.current),
      least,
    ),
  );
  const error = Math.sqrt(a + b);
  const z = difference / error;
  return {
    z,
    freedom,
    shift: difference / deviation,
    standardError: error / deviation,
    pValue: Math.min(2 * studentTSf(Math.abs(z), freedom), 1),
  };
}
