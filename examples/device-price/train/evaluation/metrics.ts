/** How far predicted prices are from the real ones. */
export interface PriceMetrics {
  /**
   * Coefficient of determination of the logarithms: 1 − Σ(y − ŷ)² / Σ(y − ȳ)², with ȳ the mean of
   * the measured rows. 1 is perfect; the mean itself has 0.
   */
  readonly r2: number;
  /** Mean absolute error of the logarithms. */
  readonly meanAbsoluteError: number;
  /** Median of |price predicted / price − 1|, a fraction. */
  readonly medianRelativeError: number;
  /** The same at nine rows of ten: the smallest error that at least 90 % of the rows do not exceed. */
  readonly relativeErrorP90: number;
}

/**
 * Measures predictions. Both lists hold natural logarithms of prices, row by row.
 *
 * @throws Error when the lists are empty or of different lengths.
 */
export function priceMetrics(actual: ArrayLike<number>, predicted: ArrayLike<number>): PriceMetrics {
  const count = actual.length;
  if (count === 0 || count !== predicted.length) {
    throw new Error(`Cannot measure ${predicted.length} predictions for ${count} rows.`);
  }
  const rows = Array.from({ length: count }, (_, i) => ({
    y: actual[i]!,
    error: predicted[i]! - actual[i]!,
  }));
  const mean = rows.reduce((sum, { y }) => sum + y, 0) / count;
  const residual = rows.reduce((sum, { error }) => sum + error ** 2, 0);
  const total = rows.reduce((sum, { y }) => sum + (y - mean) ** 2, 0);
  const relative = Float64Array.from(rows, ({ error }) => Math.abs(Math.exp(error) - 1)).sort();
  return {
    r2: 1 - residual / total,
    meanAbsoluteError: rows.reduce((sum, { error }) => sum + Math.abs(error), 0) / count,
    medianRelativeError: (relative[Math.floor((count - 1) / 2)]! + relative[Math.floor(count / 2)]!) / 2,
    relativeErrorP90: relative[Math.ceil(0.9 * count) - 1]!,
  };
}

/** Mean and standard deviation (n − 1) of some figures; the deviation of one figure is 0. */
export function meanAndDeviation(values: readonly number[]): {
  readonly mean: number;
  readonly deviation: number;
} {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / Math.max(1, values.length - 1)) };
}
