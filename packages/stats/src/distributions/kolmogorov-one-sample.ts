import { checkCount, checkNumber } from "../arguments/check-number.ts";
import { poissonPower } from "../special/poisson-power.ts";
import { binomialTerm } from "./binomial.ts";
import { pelzGoodCdf } from "./pelz-good.ts";

/**
 * P(D ≥ distance) for the two-sided Kolmogorov-Smirnov distance `D = sup |Fₙ(x) - F(x)|` of a sample
 * of `n` from its own continuous distribution.
 *
 * Exact to a relative error below 1e-10 for `n` up to 10,000, and for every `n` where `n·distance²`
 * is above 4; otherwise, where the probability is between 0.0006 and 1, the Pelz-Good expansion,
 * whose relative error is below 2e-8 there. SciPy: `scipy.stats.kstwo.sf`, which takes that
 * expansion from n = 140 and is off by up to 1.1e-5.
 *
 * Source: J. Durbin, "Distribution theory for tests based on the sample distribution function",
 * 1973, section 2 (a Poisson process between two lines); W. Pelz and I. J. Good, 1976;
 * R. Simard and P. L'Ecuyer, "Computing the two-sided Kolmogorov-Smirnov distribution", 2011.
 *
 * @throws {@link InvalidArgumentError} for NaN, or an n that is not a whole number of at least 1.
 */
export function kolmogorovOneSampleSf(distance: number, n: number): number {
  checkNumber("distance", distance);
  checkCount("n", n, 1);
  if (distance <= 0.5 / n) return 1;
  if (distance >= 1) return 0;
  const scaledSquare = n * distance * distance;
  // Crossing both lines is rarer than crossing one by exp(-6·n·distance²).
  if (scaledSquare > 4) return Math.min(1, 2 * oneSided(distance, n));
  return 1 - (n <= largestExact ? poissonBetweenLines(distance, n) : pelzGoodCdf(distance, n));
}

/**
 * P(D⁺ ≥ distance) for the one-sided distance `D⁺ = sup (Fₙ(x) - F(x))` of a sample of `n`; that of
 * `D⁻` is the same.
 *
 * Exact, to a relative error below 1e-11. SciPy: `scipy.stats.ksone.sf`.
 * Source: N. V. Smirnov 1944; Z. W. Birnbaum and F. H. Tingey 1951.
 *
 * @throws {@link InvalidArgumentError} for NaN, or an n that is not a whole number of at least 1.
 */
export function kolmogorovOneSidedSf(distance: number, n: number): number {
  checkNumber("distance", distance);
  checkCount("n", n, 1);
  if (distance <= 0) return 1;
  if (distance >= 1) return 0;
  return Math.min(1, oneSided(distance, n));
}

const largestExact = 10_000;

/**
 * `d · Σ C(n, j)·(d + j/n)^(j - 1)·(1 - d - j/n)^(n - j)` over j from 0 to n(1 - d).
 *
 * In large samples, and where the ends contribute nothing, the terms are a smooth bump; then every
 * h-th one times h gives the same sum.
 */
function oneSided(distance: number, n: number): number {
  const last = Math.floor(n * (1 - distance));
  const stride = n * distance * distance > 4 ? Math.max(1, Math.floor(n / 4_000)) : 1;
  let sum = 0;
  for (let j = 0; j <= last; j += stride) {
    const p = distance + j / n;
    const q = (n - j) / n - distance;
    if (q < 0) break;
    sum += binomialTerm(j, n, p, q) / p;
  }
  return distance * sum * stride;
}

/**
 * P(D < distance): a Poisson process of rate n on [0, 1] that makes n jumps is an ordered uniform
 * sample, so add up the ways for it to stay between the lines `nt ± n·distance`.
 *
 * With `n·distance = whole + fraction`, the upper bound on the count rises at `nt = u + 1 - fraction`
 * and the lower one at `nt = u + fraction`, for u = 0, 1, …; between two such times few jumps are
 * likely, so a step is a short convolution. All terms are positive: nothing cancels.
 */
function poissonBetweenLines(distance: number, n: number): number {
  const reach = n * distance;
  const whole = Math.floor(reach);
  const fraction = reach - whole;
  const lowerRisesFirst = fraction <= 0.5;
  const edge = lowerRisesFirst ? fraction : 1 - fraction;
  const acrossUnits = jumpProbabilities(2 * edge);
  const withinUnit = jumpProbabilities(1 - 2 * edge);
  const walk = new BoundedWalk(n);
  for (let unit = 0; unit < n; unit++) {
    const jumps = unit === 0 ? jumpProbabilities(edge) : acrossUnits;
    walk.advance(jumps, unit - whole + (lowerRisesFirst ? 1 : 0), unit + whole);
    walk.advance(withinUnit, unit - whole + 1, unit + whole + (lowerRisesFirst ? 0 : 1));
  }
  walk.advance(jumpProbabilities(edge), n, n);
  return Math.min(1, walk.probabilityOf(n) / poissonPower(n, n));
}

/** The distribution of a count that jumps, and dies where it leaves its bounds. */
class BoundedWalk {
  #state: Float64Array;
  #next: Float64Array;
  #low = 0;
  #high = 0;

  constructor(maximum: number) {
    this.#state = new Float64Array(maximum + 1);
    this.#next = new Float64Array(maximum + 1);
    this.#state[0] = 1;
  }

  probabilityOf(count: number): number {
    return this.#low <= count && count <= this.#high ? (this.#state[count] ?? 0) : 0;
  }

  advance(jumps: Float64Array, minimum: number, maximum: number): void {
    const state = this.#state;
    const next = this.#next;
    const bottom = Math.max(minimum, this.#low);
    const top = Math.min(maximum, this.#high + jumps.length - 1, next.length - 1);
    for (let to = bottom; to <= top; to++) {
      const last = Math.min(this.#high, to);
      let sum = 0;
      for (let from = Math.max(this.#low, to - jumps.length + 1); from <= last; from++) {
        sum += (state[from] ?? 0) * (jumps[to - from] ?? 0);
      }
      next[to] = sum;
    }
    this.#state = next;
    this.#next = state;
    this.#low = bottom;
    this.#high = top;
  }
}

/** Poisson probabilities of 0, 1, … jumps where at most one is expected, as far as doubles see them. */
function jumpProbabilities(mean: number): Float64Array {
  const probabilities: number[] = [];
  for (let term = Math.exp(-mean), k = 1; term > 1e-24; k++) {
    probabilities.push(term);
    term *= mean / k;
  }
  return Float64Array.from(probabilities);
}
