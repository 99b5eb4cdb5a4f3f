import { checkNumber, checkPositive, checkProbability } from "../arguments/check-number.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { logGamma } from "./log-gamma.ts";
import { poissonPower } from "./poisson-power.ts";
import { solveQuantile } from "./solve-quantile.ts";
import { type Tails, tailsFromLower, tailsFromUpper } from "./tails.ts";

/**
 * The regularised lower incomplete gamma function `P(a, x)`, for a > 0 and x in [0, Infinity]: the
 * probability that a gamma variable of shape `a` and scale 1 is at most `x`.
 *
 * Relative error below 1e-13 for `a` up to 1e6. SciPy: `scipy.special.gammainc`.
 * Source: DLMF 8.7.1, 8.9.2.
 *
 * @throws {@link InvalidArgumentError} unless a is finite and above 0 and x at least 0.
 */
export function regularizedLowerGamma(a: number, x: number): number {
  checkArguments(a, x);
  return gammaTails(a, x).lower;
}

/**
 * The regularised upper incomplete gamma function `Q(a, x) = 1 - P(a, x)`, computed so that small
 * values keep their digits. SciPy: `scipy.special.gammaincc`.
 *
 * @throws {@link InvalidArgumentError} unless a is finite and above 0 and x at least 0.
 */
export function regularizedUpperGamma(a: number, x: number): number {
  checkArguments(a, x);
  return gammaTails(a, x).upper;
}

/**
 * The x at which `P(a, x)` is `probability`. SciPy: `scipy.special.gammaincinv`.
 *
 * @throws {@link InvalidArgumentError} unless a is finite and above 0 and the probability in [0, 1].
 */
export function inverseRegularizedLowerGamma(a: number, probability: number): number {
  checkPositive("a", a);
  checkProbability("probability", probability);
  return gammaQuantile(a, tailsFromLower(probability));
}

/**
 * The x at which `Q(a, x)` is `probability`: what to use for small upper tails.
 * SciPy: `scipy.special.gammainccinv`.
 *
 * @throws {@link InvalidArgumentError} unless a is finite and above 0 and the probability in [0, 1].
 */
export function inverseRegularizedUpperGamma(a: number, probability: number): number {
  checkPositive("a", a);
  checkProbability("probability", probability);
  return gammaQuantile(a, tailsFromUpper(probability));
}

/** `P(a, x)` and `Q(a, x)`, the smaller of them without cancellation. */
export function gammaTails(a: number, x: number): Tails {
  if (x === 0) return tailsFromLower(0);
  if (x === Infinity) return tailsFromUpper(0);
  if (a < 1 && x < 1) return smallGammaTails(a, x);
  const power = poissonPower(a, x);
  if (x < a + 1) return tailsFromLower(Math.min(1, power * lowerSeries(a, x)));
  return tailsFromUpper(Math.min(1, power * a * upperFraction(a, x)));
}

function checkArguments(a: number, x: number): void {
  checkPositive("a", a);
  checkNumber("x", x);
  if (x >= 0) return;
  throw new InvalidArgumentError(`x is ${x}; pass a number of at least 0.`, { argument: "x" });
}

/** `Σ xⁿ / ((a + 1)…(a + n))`; DLMF 8.7.1. */
function lowerSeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; ; n++) {
    term *= x / (a + n);
    const next = sum + term;
    if (next === sum) return sum;
    sum = next;
  }
}

/** `1/(x + 1 - a - 1·(1 - a)/(x + 3 - a - …))`, by the modified Lentz method; DLMF 8.9.2. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = Infinity;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n <= maximumIterations; n++) {
    const numerator = n * (a - n);
    b += 2;
    d = 1 / guarded(numerator * d + b);
    c = guarded(b + numerator / c);
    const factor = c * d;
    value *= factor;
    if (Math.abs(factor - 1) <= Number.EPSILON) break;
  }
  return value;
}

/** For a, x < 1 both tails come from `x^a/Γ(a + 1)·(1 + a·Σ (-x)ⁿ/((a + n)·n!))`; DLMF 8.7.1. */
function smallGammaTails(a: number, x: number): Tails {
  const logarithm = a * Math.log(x) - logGamma(1 + a);
  let term = 1;
  let sum = 0;
  for (let n = 1; ; n++) {
    term *= -x / n;
    const next = sum + term / (a + n);
    if (next === sum) break;
    sum = next;
  }
  const power = Math.exp(logarithm);
  return { lower: power * (1 + a * sum), upper: -Math.expm1(logarithm) - power * a * sum };
}

function gammaQuantile(a: number, target: Tails): number {
  if (target.lower === 0) return 0;
  if (target.upper === 0) return Infinity;
  return solveQuantile({
    target,
    start: a,
    minimum: 0,
    maximum: Infinity,
    tails: (x) => gammaTails(a, x),
    density: (x) => (poissonPower(a, x) * a) / x,
  });
}

const maximumIterations = 1_000_000;

/** Lentz's method divides by what may happen to be 0. */
function guarded(value: number): number {
  return value === 0 ? 1e-300 : value;
}
