import { kolmogorovOneSampleSf } from "../distributions/kolmogorov-one-sample.ts";

/** A two-sample Kolmogorov-Smirnov distance as the whole number `D·n·m`. */
export interface KsObserved {
  readonly difference: number;
  readonly n: number;
  readonly m: number;
  readonly twoSided: boolean;
}

/**
 * P(D ≥ the observed distance) for samples from one continuous distribution, by counting the paths
 * of the two empirical distribution functions.
 *
 * Source: J. L. Hodges, "The significance probability of the Smirnov two-sample test", 1958.
 */
export function exactKsProbability(observed: KsObserved): number {
  const { difference, n, m, twoSided } = observed;
  if (difference <= 0) return 1;
  const distance = difference / n / m;
  // F. Wei and R. M. Dudley (2012): at most 2.17·exp(-2·nm/(n + m)·D²), which is below every double.
  if ((n / (n + m)) * m * distance * distance > 380) return 0;
  if (n === m) return equalSizes(Math.round(difference / n), n, twoSided);
  return pathsThatReach(observed);
}

/**
 * The limit for large samples: two-sided the exact one-sample law at the effective size
 * `nm/(n + m)`, rounded to even; one-sided equation 5.3 of Hodges 1958.
 */
export function asymptoticKsProbability({ difference, n, m, twoSided }: KsObserved): number {
  if (difference <= 0) return 1;
  const distance = difference / n / m;
  const effectiveSize = (n / (n + m)) * m;
  if (twoSided) {
    const size = roundToEven(effectiveSize);
    return size === 0 ? 1 : kolmogorovOneSampleSf(distance, size);
  }
  const z = Math.sqrt(effectiveSize) * distance;
  const large = Math.max(n, m);
  const small = Math.min(n, m);
  const correction = (large + 2 * small) / Math.sqrt(large * small * (large + small)) / 3;
  return Math.min(1, Math.exp(-2 * z * z - 2 * z * correction));
}

/** The reflection principle: `2·Σ (-1)^(k - 1)·C(2n, n - kh)/C(2n, n)`, or its first term without the 2. */
function equalSizes(h: number, n: number, twoSided: boolean): number {
  let ratio = 1;
  let sum = 0;
  for (let step = 1; step <= n; step++) {
    ratio *= (n - step + 1) / (n + step);
    if (step % h !== 0) continue;
    if (!twoSided) return ratio;
    sum += (step / h) % 2 === 1 ? ratio : -ratio;
    if (ratio < 1e-18 * sum) break;
  }
  return Math.min(1, 2 * sum);
}

/**
 * Of all paths to (i, j), the share that has touched the boundary: 1 on it, elsewhere the mean over
 * the two places a path comes from. No term is negative, so small shares keep their digits.
 */
function pathsThatReach({ difference, n, m, twoSided }: KsObserved): number {
  const share = new Float64Array(m + 1).fill(1);
  for (let i = 0; i <= n; i++) {
    // Inside the boundary are the j with -difference < i·m - j·n < difference.
    const first = Math.max(0, Math.floor((i * m - difference) / n) + 1);
    const last = twoSided ? Math.min(m, Math.ceil((i * m + difference) / n) - 1) : m;
    if (first > last) continue;
    let left = first === 0 ? 0 : 1;
    for (let j = first; j <= last; j++) {
      const total = i + j;
      left = total === 0 ? 0 : (i * (i === 0 ? 0 : (share[j] ?? 0)) + j * left) / total;
      share[j] = left;
    }
  }
  return share[m] ?? 1;
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
