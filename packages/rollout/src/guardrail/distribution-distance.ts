/** How two distributions over the same cells are compared, in nats. */
export type DistanceName = "jensen-shannon" | "kullback-leibler";

/** A distance that was estimated from counts. */
export interface EstimatedDistance {
  /** Without the bias that counting few requests brings; it may be below 0. */
  readonly estimate: number;
  /** The variance of the estimate. */
  readonly variance: number;
}

/**
 * Estimates a distance between the candidate's distribution p and another one q from counts, by the
 * delta method: with half a request added to each cell, less the bias of second order, and with the
 * variance of first order.
 *
 * - Jensen-Shannon divergence: ½ Σ p ln(p/m) + ½ Σ q ln(q/m), m = (p + q)/2; in [0, ln 2].
 * - Kullback-Leibler divergence of the candidate from the other: Σ p ln(p/q); in [0, ∞).
 *
 * The plug-in estimate of the latter is biased without bound where q has cells that no request was
 * seen in (Zhang and Grabchak 2014); pool the cells that few are expected in first.
 *
 * @param p - Counts of the candidate, by cell.
 * @param q - Counts of what it is compared with; or, with `isKnown`, its known distribution.
 */
export function estimateDistance(
  name: DistanceName,
  p: readonly number[],
  q: readonly number[],
  isKnown: boolean,
): EstimatedDistance {
  const candidate = smooth(p);
  const other = isKnown ? { shares: normalize(q), total: Infinity } : smooth(q);
  const terms = name === "jensen-shannon" ? jensenShannonTerms : kullbackLeiblerTerms;
  const cells = candidate.shares.map((share, cell) => terms(share, other.shares[cell]!));
  const plugIn = cells.reduce((sum, { value }) => sum + value, 0);
  const ofP = moments(
    candidate.shares,
    cells.map(({ slopeP, curveP }) => [slopeP, curveP]),
  );
  const ofQ = moments(
    other.shares,
    cells.map(({ slopeQ, curveQ }) => [slopeQ, curveQ]),
  );
  return {
    estimate: plugIn - ofP.bias / candidate.total - ofQ.bias / other.total,
    variance: ofP.variance / candidate.total + ofQ.variance / other.total,
  };
}

/** A cell's part of a distance, and its first and second derivatives. */
interface CellTerms {
  readonly value: number;
  readonly slopeP: number;
  readonly slopeQ: number;
  readonly curveP: number;
  readonly curveQ: number;
}

function jensenShannonTerms(p: number, q: number): CellTerms {
  const m = (p + q) / 2;
  return {
    value: (p * Math.log(p / m) + q * Math.log(q / m)) / 2,
    slopeP: Math.log(p / m) / 2,
    slopeQ: Math.log(q / m) / 2,
    curveP: (1 / p - 1 / (2 * m)) / 2,
    curveQ: (1 / q - 1 / (2 * m)) / 2,
  };
}

function kullbackLeiblerTerms(p: number, q: number): CellTerms {
  return {
    value: p * Math.log(p / q),
    slopeP: Math.log(p / q),
    slopeQ: -p / q,
    curveP: 1 / p,
    curveQ: p / (q * q),
  };
}

/** What the noise of multinomial shares does to a function of them, for one request. */
function moments(
  shares: readonly number[],
  derivatives: readonly (readonly [slope: number, curve: number])[],
): { readonly bias: number; readonly variance: number } {
  let mean = 0;
  let square = 0;
  let bias = 0;
  for (const [cell, share] of shares.entries()) {
    const [slope, curve] = derivatives[cell]!;
    mean += share * slope;
    square += share * slope * slope;
    bias += (curve * share * (1 - share)) / 2;
  }
  return { bias, variance: Math.max(0, square - mean * mean) };
}

function smooth(counts: readonly number[]): { readonly shares: number[]; readonly total: number } {
  const total = counts.reduce((sum, count) => sum + count + 0.5, 0);
  return { shares: counts.map((count) => (count + 0.5) / total), total };
}

function normalize(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
