/** Rows of features, all near a standard deviation of 1. */
export interface FeatureMatrix {
  /** What each feature is, such as `age` or `text: refund`. */
  readonly names: readonly string[];
  readonly rows: number;
  /** Row by row. */
  readonly values: Float64Array;
}

/** A feature's name and its value for every row. */
export interface Feature {
  readonly name: string;
  readonly values: Float64Array;
}

/** Puts features side by side. */
export function toMatrix(features: readonly Feature[], rows: number): FeatureMatrix {
  const values = new Float64Array(rows * features.length);
  for (const [index, feature] of features.entries()) {
    for (let row = 0; row < rows; row += 1) values[row * features.length + index] = feature.values[row]!;
  }
  return { names: features.map(({ name }) => name), rows, values };
}

/** Mean 0 and standard deviation 1; `undefined` for a constant. */
export function standardized(name: string, values: Float64Array): Feature | undefined {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let variance = 0;
  for (const value of values) variance += (value - mean) ** 2 / values.length;
  if (!(variance > 1e-24 && variance < Infinity)) return undefined;
  const deviation = Math.sqrt(variance);
  return { name, values: values.map((value) => (value - mean) / deviation) };
}
