/** Directions of the most variance. */
export interface PrincipalComponents {
  /** Unit vectors at right angles to each other, the one of the most variance first. */
  readonly vectors: readonly Float64Array[];
  /** The share of the variance that lies along them, in [0, 1]. */
  readonly explained: number;
}

/** No component gains more than this from another round of rotations. */
const tolerance = 1e-12;
const mostRounds = 60;

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

/**
 * Eigenvalues and eigenvectors of a symmetric matrix, which is changed, by Jacobi's cyclic rotations
 * (Golub and Van Loan, Matrix Computations, 4th edition, section 8.5): slow for thousands of
 * columns, and accurate for any.
 */
export function symmetricEigen(matrix: Float64Array[]): {
  readonly values: Float64Array;
  /** The eigenvector of each value. */
  readonly vectors: readonly Float64Array[];
} {
  const size = matrix.length;
  const vectors = Array.from({ length: size }, (_, index) => {
    const unit = new Float64Array(size);
    unit[index] = 1;
    return unit;
  });
  const scale = matrix.reduce((sum, row) => row.reduce((partial, value) => partial + value * value, sum), 0);
  for (let round = 0; round < mostRounds; round += 1) {
    let outside = 0;
    for (let row = 0; row < size; row += 1) {
      for (let column = row + 1; column < size; column += 1) outside += matrix[row]![column]! ** 2;
    }
    if (outside <= tolerance ** 2 * scale) break;
    for (let first = 0; first < size; first += 1) {
      for (let second = first + 1; second < size; second += 1) rotate(matrix, vectors, first, second);
    }
  }
  return { values: Float64Array.from(matrix, (row, index) => row[index]!), vectors };
}

/** Turns two axes so that the entry between them becomes 0. */
function rotate(
  matrix: readonly Float64Array[],
  vectors: readonly Float64Array[],
  first: number,
  second: number,
): void {
  const between = matrix[first]![second]!;
  if (between === 0) return;
  const half = (matrix[second]![second]! - matrix[first]![first]!) / (2 * between);
  const tangent = (half < 0 ? -1 : 1) / (Math.abs(half) + Math.hypot(half, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  for (const row of matrix) turn(row, first, row, second, cosine, sine);
  const [firstRow, secondRow] = [matrix[first]!, matrix[second]!];
  for (let index = 0; index < firstRow.length; index += 1)
    turn(firstRow, index, secondRow, index, cosine, sine);
  // The vectors are kept as rows.
  const [firstVector, secondVector] = [vectors[first]!, vectors[second]!];
  for (let index = 0; index < firstVector.length; index += 1)
    turn(firstVector, index, secondVector, index, cosine, sine);
}

function turn(
  left: Float64Array,
  leftIndex: number,
  right: Float64Array,
  rightIndex: number,
  cosine: number,
  sine: number,
): void {
  const [first, second] = [left[leftIndex]!, right[rightIndex]!];
  left[leftIndex] = cosine * first - sine * second;
  right[rightIndex] = sine * first + cosine * second;
}
