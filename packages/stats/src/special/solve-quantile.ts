import type { Tails } from "./tails.ts";

/** A continuous distribution, and the tails at the wanted point. */
export interface QuantileProblem {
  readonly target: Tails;
  /** Where to begin, inside the support. */
  readonly start: number;
  /** The support. */
  readonly minimum: number;
  readonly maximum: number;
  readonly tails: (x: number) => Tails;
  readonly density: (x: number) => number;
}

/**
 * The point at which a continuous, increasing distribution function has the wanted tails, to the
 * last few bits.
 *
 * Newton's method on the logarithm of the smaller tail, kept inside a bracket that halves where
 * Newton would leave it. Halving is by the geometric mean once both ends have one sign, so that
 * points near 0 are found too.
 */
export function solveQuantile({ target, start, minimum, maximum, tails, density }: QuantileProblem): number {
  const lowerSide = target.lower <= target.upper;
  const wanted = lowerSide ? target.lower : target.upper;
  let low = minimum;
  let high = maximum;
  let x = start;
  for (let iteration = 0; iteration < 400; iteration++) {
    const both = tails(x);
    const found = lowerSide ? both.lower : both.upper;
    // Above the root: the lower tail is too large, or the upper one too small.
    const excess = lowerSide ? found - wanted : wanted - found;
    if (excess === 0) return x;
    if (excess > 0) high = x;
    else low = x;
    const slope = density(x);
    const step = found > 0 && slope > 0 ? (Math.log(found / wanted) * found) / slope : Number.NaN;
    let next = lowerSide ? x - step : x + step;
    if (!(next > low && next < high)) next = between(low, high);
    if (Math.abs(next - x) <= 2 ** -52 * Math.abs(next) || next === low || next === high) return next;
    x = next;
  }
  return x;
}

function between(low: number, high: number): number {
  if (high === Infinity) return low > 0 ? low * 4 : 1;
  if (low === -Infinity) return high < 0 ? high * 4 : -1;
  if (low === 0) return high > 1e-300 ? high * 1e-3 : high / 2;
  if (low > 0 && high / low > 4) return Math.sqrt(low) * Math.sqrt(high);
  if (high < 0 && low / high > 4) return -Math.sqrt(-low) * Math.sqrt(-high);
  return low + (high - low) / 2;
}
