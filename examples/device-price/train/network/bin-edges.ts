import type { NumericFeature } from "../data/numeric-features.ts";

const quantileCount = 15;

/**
 * Where a feature's bins begin and end, ascending: its own edges, or 15 evenly spaced quantiles of
 * the values from the smallest to the largest (linear interpolation, type 7 of Hyndman and Fan
 * 1996).
 *
 * Of the quantiles, one that is less than max(4 % of itself, 1 % of the range) above the last one
 * kept is left out: narrow bins fit noise, and a steep one would magnify the rounding of float32.
 *
 * @param values - The values that are not missing, at least one unless the feature has edges.
 */
export function binEdges({ name, edges }: NumericFeature, values: readonly number[]): readonly number[] {
  if (edges !== undefined) return edges;
  if (values.length === 0) throw new Error(`No row has a value for ${name}.`);
  const sorted = Float64Array.from(values).sort();
  const quantiles = Array.from({ length: quantileCount }, (_, i) =>
    quantile(sorted, i / (quantileCount - 1)),
  );
  const [smallest, largest] = [quantiles[0]!, quantiles.at(-1)!];
  const kept = [smallest];
  for (const edge of quantiles.slice(1)) {
    const width = edge - kept.at(-1)!;
    if (width > 0 && width >= Math.max(0.04 * edge, 0.01 * (largest - smallest))) kept.push(edge);
  }
  return kept;
}

function quantile(sorted: Float64Array, fraction: number): number {
  const position = fraction * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  return low + (position - below) * ((sorted[below + 1] ?? low) - low);
}
