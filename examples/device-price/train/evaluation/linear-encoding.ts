import type { DeviceRow } from "../data/device-row.ts";
import { type NumericFeature, numericFeatures } from "../data/numeric-features.ts";
import { buildVocabulary, idOf } from "../data/vocabulary.ts";

/** Turns a device into the features of a linear model. */
export type LinearEncoding = (row: DeviceRow) => Float64Array;

/**
 * The usual encoding for a linear model, computed from the training rows: logarithms where the
 * feature's scale is one, the median for a missing value, mean 0 and standard deviation 1; whether
 * the rear camera is missing, which it often is; brand and operating system one-hot.
 */
export function fitLinearEncoding(rows: readonly DeviceRow[]): LinearEncoding {
  const { brands, operatingSystems } = buildVocabulary(rows);
  const columns = numericFeatures.map((feature) => {
    const known = rows.map((row) => onScale(row, feature)).filter((value) => value !== undefined);
    const median = medianOf(known);
    const filled = rows.map((row) => onScale(row, feature) ?? median);
    const mean = filled.reduce((sum, value) => sum + value, 0) / filled.length;
    const variance = filled.reduce((sum, value) => sum + (value - mean) ** 2, 0) / filled.length;
    const deviation = Math.sqrt(variance) || 1;
    return (row: DeviceRow): number => ((onScale(row, feature) ?? median) - mean) / deviation;
  });
  return (row) =>
    Float64Array.of(
      ...columns.map((column) => column(row)),
      row.numeric.rearCameraMp === undefined ? 1 : 0,
      ...oneHot(brands, row.brand),
      ...oneHot(operatingSystems, row.os),
    );
}

/** Below all that a device has; keeps a zero from becoming −∞. */
const smallestAmount = 0.01;

function onScale({ numeric }: DeviceRow, { name, scale }: NumericFeature): number | undefined {
  const value = numeric[name];
  if (value === undefined || scale === "linear") return value;
  return scale === "log1p" ? Math.log1p(value) : Math.log(Math.max(value, smallestAmount));
}

function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}

function oneHot(names: readonly string[], name: string | undefined): number[] {
  const id = idOf(names, name);
  return names.map((_, i) => (i === id ? 1 : 0));
}
