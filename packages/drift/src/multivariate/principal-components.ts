import { symmetricEigen } from "@mlops/stats";

/** Directions of the most variance. */
export interface PrincipalComponents {
  /** Unit vectors at right angles to each other, the one of the most variance first. */
  readonly vectors: readonly Float64Array[];
  /** The share of the variance that lies along them, in [0, 1]. */
  readonly explained: number;
}

/**
 * The fewest principal components that hold a share of the variance, at least one and never all:
 * without a direction left out there is nothing that could not be reconstructed.
 *
 * @param rows - Centered, each of the same length, which is at least 2.
 */
export function principalComponents(rows: readonly Float64Array[], wantedShare: number): PrincipalComponents {
  const { values, vectors } = symmetricEigen(covarianceOf(rows));
  const order = Array.from(values, (_, index) => index).sort((left, right) => values[right]! - values[left]!);
  const total = values.reduce((sum, value) => sum + Math.max(value, 0), 0);
  const kept: Float64Array[] = [];
  let explained = 0;
  for (const index of order.slice(0, -1)) {
    if (kept.length > 0 && explained >= wantedShare) break;
    kept.push(vectors[index]!);
    explained += Math.max(values[index]!, 0) / total;
  }
  return { vectors: kept, explained };
}

function covarianceOf(rows: readonly Float64Array[]): Float64Array[] {
  const size = rows[0]!.length;
  const sums = Array.from({ length: size }, () => new Float64Array(size));
  for (const row of rows) {
    for (let left = 0; left < size; left += 1) {
      const value = row[left]! / rows.length;
      const target = sums[left]!;
      for (let right = left; right < size; right += 1) target[right]! += value * row[right]!;
    }
  }
  for (let left = 0; left < size; left += 1) {
    for (let right = 0; right < left; right += 1) sums[left]![right] = sums[right]![left]!;
  }
  return sums;
}
