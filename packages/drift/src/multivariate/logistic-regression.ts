import type { FeatureMatrix } from "./feature-matrix.ts";

/** Weights of the features; the last one is the constant. */
export type LogisticWeights = Float64Array;

const iterations = 100;
const stepSize = 0.1;

/**
 * Logistic regression with a ridge penalty, both classes weighing the same, by Adam (Kingma and Ba 2015) on
 * all rows at once: a fixed number of steps from zero, so the same data give the same weights.
 *
 * @param rows - Which rows of the matrix to learn from.
 * @param labels - 0 or 1 for every row of the matrix.
 */
export function fitLogistic(matrix: FeatureMatrix, rows: Uint32Array, labels: Uint8Array): LogisticWeights {
  const size = matrix.names.length;
  const weights = new Float64Array(size + 1);
  const gradient = new Float64Array(size + 1);
  const first = new Float64Array(size + 1);
  const second = new Float64Array(size + 1);
  let positives = 0;
  for (const row of rows) positives += labels[row]!;
  const importance = [0.5 / (rows.length - positives), 0.5 / positives];
  const ridge = Math.max(size, 10) / rows.length / 4;
  for (let iteration = 1; iteration <= iterations; iteration += 1) {
    for (let index = 0; index < size; index += 1) gradient[index] = ridge * weights[index]!;
    gradient[size] = 0;
    for (const row of rows) {
      const chance = 1 / (1 + Math.exp(-scoreOf(matrix, row, weights)));
      const error = (chance - labels[row]!) * importance[labels[row]!]!;
      const start = row * size;
      for (let index = 0; index < size; index += 1) gradient[index]! += error * matrix.values[start + index]!;
      gradient[size]! += error;
    }
    for (let index = 0; index <= size; index += 1) {
      first[index] = 0.9 * first[index]! + 0.1 * gradient[index]!;
      second[index] = 0.99 * second[index]! + 0.01 * gradient[index]! ** 2;
      const mean = first[index]! / (1 - 0.9 ** iteration);
      const square = second[index]! / (1 - 0.99 ** iteration);
      weights[index]! -= (stepSize * mean) / (Math.sqrt(square) + 1e-8);
    }
  }
  return weights;
}

/** The log-odds of class 1. */
export function scoreOf({ names, values }: FeatureMatrix, row: number, weights: LogisticWeights): number {
  const size = names.length;
  const start = row * size;
  let score = weights[size]!;
  for (let index = 0; index < size; index += 1) score += weights[index]! * values[start + index]!;
  return score;
}
