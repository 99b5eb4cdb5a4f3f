/** A square matrix, row by row. */
export type Matrix = readonly Float64Array[];

/**
 * The lower triangle L with L · Lᵀ = `matrix` (Cholesky–Banachiewicz).
 *
 * @param matrix - Symmetric and positive definite; only its lower triangle is read.
 * @throws Error when it is not positive definite.
 */
export function cholesky(matrix: Matrix): Matrix {
  const lower: Float64Array[] = [];
  for (const [i, row] of matrix.entries()) {
    const current = new Float64Array(matrix.length);
    lower.push(current);
    for (let j = 0; j <= i; j++) {
      const rest = row[j]! - dot(current, lower[j]!, j);
      if (j < i) current[j] = rest / lower[j]![j]!;
      else if (rest > 0) current[j] = Math.sqrt(rest);
      else throw new Error("The matrix is not positive definite.");
    }
  }
  return lower;
}

/** Solves `lower` · x = `right`. */
export function solveLower(lower: Matrix, right: ArrayLike<number>): Float64Array {
  const x = new Float64Array(lower.length);
  for (const [i, row] of lower.entries()) x[i] = (right[i]! - dot(row, x, i)) / row[i]!;
  return x;
}

/** Solves `lower`ᵀ · x = `right`. */
export function solveLowerTransposed(lower: Matrix, right: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(right);
  for (let i = lower.length - 1; i >= 0; i--) {
    const row = lower[i]!;
    x[i] = x[i]! / row[i]!;
    for (let j = 0; j < i; j++) x[j]! -= row[j]! * x[i]!;
  }
  return x;
}

/** The sum of the products of the first `length` elements, by default of all. */
export function dot(a: Float64Array, b: Float64Array, length: number = a.length): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += a[i]! * b[i]!;
  return sum;
}
