import { createRandom, monteCarloPValue } from "@mlops/stats";
import { InvalidDataError } from "../errors/invalid-data-error.ts";

/** Options of {@link maximumMeanDiscrepancy}. */
export interface MaximumMeanDiscrepancyOptions {
  /** At most this many vectors of each side are taken, at random; by default 500. Time grows with the square. */
  readonly maxRows?: number;
  /** By default 999. */
  readonly resamples?: number;
  /** A whole number, by default 0. */
  readonly seed?: number;
}

/** What {@link maximumMeanDiscrepancy} finds. */
export interface MaximumMeanDiscrepancy {
  /** The unbiased estimate of MMD², about 0 without a change, and then also below 0. */
  readonly squared: number;
  /** By permutation; stops early where it is far from small (Besag and Clifford). */
  readonly pValue: number;
  /** The kernel's width: the median distance of two vectors. */
  readonly bandwidth: number;
  readonly rows: { readonly reference: number; readonly current: number };
}

/**
 * Tests whether two samples of vectors have one distribution, of whatever shape, by the maximum mean
 * discrepancy with a Gaussian kernel, exp(-d² / (2·bandwidth²)).
 *
 * Gretton, Borgwardt, Rasch, Schölkopf and Smola, "A kernel two-sample test", JMLR 13 (2012).
 *
 * @throws InvalidDataError `INVALID_DATA` for fewer than two vectors on a side, or different lengths.
 */
export function maximumMeanDiscrepancy(
  reference: readonly ArrayLike<number>[],
  current: readonly ArrayLike<number>[],
  { maxRows = 500, resamples = 999, seed = 0 }: MaximumMeanDiscrepancyOptions = {},
): MaximumMeanDiscrepancy {
  checkVectors(reference, current);
  const random = createRandom(seed);
  const first = reference.length > maxRows ? random.sample(reference, maxRows) : [...reference];
  const second = current.length > maxRows ? random.sample(current, maxRows) : [...current];
  const vectors = [...first, ...second];
  const { kernel, bandwidth } = kernelOf(vectors);
  const order = Uint32Array.from(vectors, (_, row) => row);
  const squared = discrepancy(kernel, order, first.length);
  const draw = (): number => discrepancy(kernel, random.shuffle(order), first.length);
  const { pValue } = monteCarloPValue(squared, draw, { resamples, stopAfter: 20 });
  return { squared, pValue, bandwidth, rows: { reference: first.length, current: second.length } };
}

function checkVectors(...sides: readonly (readonly ArrayLike<number>[])[]): void {
  const dimensions = sides[0]?.[0]?.length ?? 0;
  for (const [side, vectors] of sides.entries()) {
    const name = side === 0 ? "reference" : "current";
    if (vectors.length < 2) {
      throw new InvalidDataError({
        problem: `have ${vectors.length} vectors for ${name}`,
        remedy: "Pass two or more on each side.",
      });
    }
    for (const [row, vector] of vectors.entries()) {
      if (vector.length === dimensions && Array.from(vector).every(Number.isFinite)) continue;
      throw new InvalidDataError({
        problem: `have something else than ${dimensions} finite numbers for ${name}[${row}]`,
        remedy: "Pass vectors of finite numbers, all of one length.",
      });
    }
  }
}

interface Kernel {
  readonly kernel: Float64Array;
  readonly bandwidth: number;
}

function kernelOf(vectors: readonly ArrayLike<number>[]): Kernel {
  const size = vectors.length;
  const squares = new Float64Array(size * size);
  const above: number[] = [];
  for (let row = 0; row < size; row += 1) {
    for (let column = row + 1; column < size; column += 1) {
      let square = 0;
      const a = vectors[row]!;
      const b = vectors[column]!;
      for (let index = 0; index < a.length; index += 1) square += (a[index]! - b[index]!) ** 2;
      squares[row * size + column] = square;
      squares[column * size + row] = square;
      above.push(square);
    }
  }
  const sorted = Float64Array.from(above).sort();
  const median = sorted[sorted.length >> 1]!;
  // More than half of all pairs equal: any width does, as long as it is one.
  const width = median > 0 ? median : 1;
  return {
    kernel: squares.map((square) => Math.exp(-square / (2 * width))),
    bandwidth: Math.sqrt(width),
  };
}

/** The unbiased estimate, the first `count` rows in this order being the reference. */
function discrepancy(kernel: Float64Array, order: Uint32Array, count: number): number {
  const size = order.length;
  let within = 0;
  let withinOther = 0;
  let between = 0;
  for (let i = 0; i < size; i += 1) {
    const row = order[i]! * size;
    for (let j = i + 1; j < size; j += 1) {
      const value = kernel[row + order[j]!]!;
      if (j < count) within += value;
      else if (i >= count) withinOther += value;
      else between += value;
    }
  }
  const other = size - count;
  return (
    (2 * within) / (count * (count - 1)) +
    (2 * withinOther) / (other * (other - 1)) -
    (2 * between) / (count * other)
  );
}
