/**
 * The quantile of sorted numbers by linear interpolation between order statistics, NumPy's default and
 * R's type 7. `probability` is in [0, 1] and there is at least one number.
 */
export function linearQuantile(sorted: Float64Array, probability: number): number {
  const position = probability * (sorted.length - 1);
  const index = Math.floor(position);
  const share = position - index;
  const low = sorted[index] ?? 0;
  const high = sorted[Math.min(index + 1, sorted.length - 1)] ?? 0;
  // From the nearer end, so that the result never leaves [low, high] by rounding.
  return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share);
}
