import { checkPositive, checkProbability } from "../arguments/check-number.ts";
import { betaPower } from "./log-beta.ts";
import { solveQuantile } from "./solve-quantile.ts";
import { type Tails, tailsFromLower, tailsFromUpper } from "./tails.ts";

/**
 * The regularised incomplete beta function `I_x(a, b)`, for a, b > 0 and x in [0, 1]: the
 * probability that a beta(a, b) variable is at most `x`.
 *
 * Relative error below 1e-12 for parameters up to 1e6. SciPy: `scipy.special.betainc`.
 * Source: DLMF 8.17.22.
 *
 * @throws {@link InvalidArgumentError} unless a and b are finite and above 0 and x is in [0, 1].
 */
export function regularizedIncompleteBeta(a: number, b: number, x: number): number {
  checkArguments(a, b, x);
  return betaTails(a, b, x, 1 - x).lower;
}

/**
 * `1 - I_x(a, b)`, computed so that small values keep their digits.
 * SciPy: `scipy.special.betaincc`.
 *
 * @throws {@link InvalidArgumentError} unless a and b are finite and above 0 and x is in [0, 1].
 */
export function complementaryIncompleteBeta(a: number, b: number, x: number): number {
  checkArguments(a, b, x);
  return betaTails(a, b, x, 1 - x).upper;
}

/**
 * The x at which `I_x(a, b)` is `probability`. SciPy: `scipy.special.betaincinv`.
 *
 * @throws {@link InvalidArgumentError} unless a and b are finite and above 0 and the probability is in [0, 1].
 */
export function inverseIncompleteBeta(a: number, b: number, probability: number): number {
  checkPositive("a", a);
  checkPositive("b", b);
  checkProbability("probability", probability);
  return betaQuantileAt(a, b, tailsFromLower(probability)).x;
}

/**
 * The x at which `1 - I_x(a, b)` is `probability`: what to use for small upper tails.
 * SciPy: `scipy.special.betainccinv`.
 *
 * @throws {@link InvalidArgumentError} unless a and b are finite and above 0 and the probability is in [0, 1].
 */
export function inverseComplementaryIncompleteBeta(a: number, b: number, probability: number): number {
  checkPositive("a", a);
  checkPositive("b", b);
  checkProbability("probability", probability);
  return betaQuantileAt(a, b, tailsFromUpper(probability)).x;
}

/** Both tails at x, where y = 1 - x is given too, so that neither has to be rounded near 1. */
export function betaTails(a: number, b: number, x: number, y: number): Tails {
  if (x <= 0) return tailsFromLower(0);
  if (y <= 0) return tailsFromUpper(0);
  const power = betaPower(a, b, x, y);
  // The fraction converges fast on the near side of the mean; the other side is its mirror image.
  if (x * (b + 1) <= y * (a + 1)) return tailsFromLower(Math.min(1, (power * fraction(a, b, x)) / a));
  return tailsFromUpper(Math.min(1, (power * fraction(b, a, y)) / b));
}

/** The point with the wanted tails, and its distance from 1: each is exact where it is small. */
export function betaQuantileAt(
  a: number,
  b: number,
  target: Tails,
): { readonly x: number; readonly y: number } {
  if (target.lower === 0) return { x: 0, y: 1 };
  if (target.upper === 0) return { x: 1, y: 0 };
  const middle = betaTails(a, b, 0.5, 0.5);
  const below = target.lower <= target.upper ? target.lower <= middle.lower : target.upper >= middle.upper;
  if (below) {
    const x = smallQuantile(a, b, target);
    return { x, y: 1 - x };
  }
  const y = smallQuantile(b, a, { lower: target.upper, upper: target.lower });
  return { x: 1 - y, y };
}

/** The quantile where it is at most 1/2. */
function smallQuantile(a: number, b: number, target: Tails): number {
  return solveQuantile({
    target,
    start: Math.min(a / (a + b), 0.5),
    minimum: 0,
    maximum: 0.5 + 2 ** -50,
    tails: (x) => betaTails(a, b, x, 1 - x),
    density: (x) => betaPower(a, b, x, 1 - x) / (x * (1 - x)),
  });
}

function checkArguments(a: number, b: number, x: number): void {
  checkPositive("a", a);
  checkPositive("b", b);
  checkProbability("x", x);
}

/** `1/(1 + d₁/(1 + d₂/(1 + …)))` of DLMF 8.17.22, by the modified Lentz method. */
function fraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / guarded(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= maximumIterations; m++) {
    const even = ((m * (b - m)) / (a + 2 * m - 1)) * (x / (a + 2 * m));
    d = 1 / guarded(1 + even * d);
    c = guarded(1 + even / c);
    value *= c * d;
    const odd = ((-(a + m) * (a + b + m)) / (a + 2 * m)) * (x / (a + 2 * m + 1));
    d = 1 / guarded(1 + odd * d);
    c = guarded(1 + odd / c);
    const factor = c * d;
    value *= factor;
    if (Math.abs(factor - 1) <= Number.EPSILON) break;
  }
  return value;
}

const maximumIterations = 1_000_000;

/** Lentz's method divides by what may happen to be 0. */
function guarded(value: number): number {
  return value === 0 ? 1e-300 : value;
}
