/** The eigenvalues of a small symmetric matrix, and its eigenvectors as columns. */
export interface SymmetricEigen {
  readonly values: readonly number[];
  readonly vectors: readonly (readonly number[])[];
}

/**
 * Jacobi's method: rotations that take one off-diagonal element to 0 each, until none is left.
 * Source: G. H. Golub and C. F. Van Loan, "Matrix Computations", section 8.5.
 */
export function symmetricEigen(matrix: readonly (readonly number[])[]): SymmetricEigen {
  const size = matrix.length;
  const a = matrix.map((row) => [...row]);
  const vectors = matrix.map((_, i) => matrix.map((__, j) => Number(i === j)));
  const at = (rows: number[][], i: number, j: number) => rows[i]?.[j] ?? 0;
  for (let sweep = 0; sweep < 60; sweep++) {
    let changed = false;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const off = at(a, p, q);
        const limit = Number.EPSILON * 1e-3 * Math.sqrt(Math.abs(at(a, p, p) * at(a, q, q)));
        if (Math.abs(off) <= limit) continue;
        changed = true;
        const theta = (at(a, q, q) - at(a, p, p)) / (2 * off);
        const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const cosine = 1 / Math.hypot(tangent, 1);
        rotate(a, p, q, cosine, tangent * cosine);
        for (const row of vectors) rotatePair(row, p, q, cosine, tangent * cosine);
      }
    }
    if (!changed) break;
  }
  return { values: a.map((row, i) => row[i] ?? 0), vectors };
}

function rotate(a: number[][], p: number, q: number, cosine: number, sine: number): void {
  for (const row of a) rotatePair(row, p, q, cosine, sine);
  const upper = a[p] ?? [];
  const lower = a[q] ?? [];
  for (let k = 0; k < a.length; k++) {
    const left = upper[k] ?? 0;
    const right = lower[k] ?? 0;
    upper[k] = cosine * left - sine * right;
    lower[k] = sine * left + cosine * right;
  }
}

function rotatePair(row: number[], p: number, q: number, cosine: number, sine: number): void {
  const left = row[p] ?? 0;
  const right = row[q] ?? 0;
  row[p] = cosine * left - sine * right;
  row[q] = sine * left + cosine * right;
}
