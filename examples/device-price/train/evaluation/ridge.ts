import { cholesky, dot, type Matrix, solveLower, solveLowerTransposed } from "./cholesky.ts";

/** A linear model: `intercept + Σ coefficients · x`. */
export interface RidgeModel {
  readonly penalty: number;
  readonly intercept: number;
  readonly coefficients: Float64Array;
  /** Mean squared error over the training rows, each predicted without itself. */
  readonly leaveOneOutError: number;
}

/**
 * Ridge regression (Hoerl and Kennard 1970): minimises Σ(y − b − x · w)² + λ · |w|², the intercept
 * b without a penalty, by the normal equations of the centred columns.
 *
 * Of the given penalties λ it takes the one with the least leave-one-out error, which needs no
 * refitting: each row's residual grows by 1 / (1 − h), h being its leverage (Allen 1974).
 *
 * @param rows - The features, on comparable scales, as the penalty is the same for all.
 * @param targets - One for each row.
 * @param penalties - Positive. Default twenty from 0.01 to 1000, evenly spaced in the logarithm.
 */
export function fitRidge(
  rows: readonly Float64Array[],
  targets: readonly number[],
  penalties: readonly number[] = Array.from({ length: 20 }, (_, i) => 10 ** (-2 + (5 * i) / 19)),
): RidgeModel {
  const count = rows.length;
  const columnMeans = Float64Array.from(rows[0] ?? [], (_, j) => meanOf(rows.map((row) => row[j]!)));
  const targetMean = meanOf(targets);
  const centred = rows.map((row) => row.map((value, j) => value - columnMeans[j]!));
  const centredTargets = Float64Array.from(targets, (target) => target - targetMean);
  const columns = Array.from(columnMeans, (_, j) => Float64Array.from(centred, (row) => row[j]!));
  const gram = columns.map((a) => Float64Array.from(columns, (b) => dot(a, b)));
  const moments = Float64Array.from(columns, (column) => dot(column, centredTargets));

  const candidates = penalties.map((penalty): RidgeModel => {
    const lower = cholesky(withPenalty(gram, penalty));
    const coefficients = solveLowerTransposed(lower, solveLower(lower, moments));
    const errors = centred.map((row, i) => {
      const half = solveLower(lower, row);
      const leverage = 1 / count + dot(half, half);
      return ((centredTargets[i]! - dot(row, coefficients)) / (1 - leverage)) ** 2;
    });
    const intercept = targetMean - dot(columnMeans, coefficients);
    return { penalty, intercept, coefficients, leaveOneOutError: meanOf(errors) };
  });
  return candidates.reduce((best, other) => (other.leaveOneOutError < best.leaveOneOutError ? other : best));
}

/** What the model gives for a row. */
export function predictRidge({ intercept, coefficients }: RidgeModel, row: Float64Array): number {
  return intercept + dot(row, coefficients);
}

function withPenalty(gram: Matrix, penalty: number): Matrix {
  return gram.map((row, i) => row.map((value, j) => (i === j ? value + penalty : value)));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
