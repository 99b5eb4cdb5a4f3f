import { checkNumber, checkProbability } from "../arguments/check-number.ts";
import { erfc, erfcx } from "../special/error-function.ts";

/** The density of the standard normal distribution. SciPy: `scipy.stats.norm.pdf`. */
export function normalPdf(x: number): number {
  checkNumber("x", x);
  return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
}

/**
 * P(X ≤ x) for a standard normal X, with its digits kept in the lower tail: relative error below
 * 2e-13 down to 1e-307. SciPy: `scipy.stats.norm.cdf`.
 *
 * @throws {@link InvalidArgumentError} for NaN.
 */
export function normalCdf(x: number): number {
  checkNumber("x", x);
  return 0.5 * erfc(-x / Math.SQRT2);
}

/**
 * P(X > x) for a standard normal X, with its digits kept in the upper tail.
 * SciPy: `scipy.stats.norm.sf`.
 *
 * @throws {@link InvalidArgumentError} for NaN.
 */
export function normalSf(x: number): number {
  checkNumber("x", x);
  return 0.5 * erfc(x / Math.SQRT2);
}

/**
 * `log P(X > x)` for a standard normal X, which does not underflow. SciPy: `scipy.stats.norm.logsf`.
 *
 * @throws {@link InvalidArgumentError} for NaN.
 */
export function normalLogSf(x: number): number {
  checkNumber("x", x);
  if (x === Infinity) return -Infinity;
  if (x < -1) return Math.log1p(-normalCdf(x));
  return x < 5 ? Math.log(normalSf(x)) : Math.log(0.5 * erfcx(x / Math.SQRT2)) - 0.5 * x * x;
}

/**
 * The x with P(X ≤ x) = `probability` for a standard normal X; -Infinity at 0, Infinity at 1.
 *
 * Relative error below 1e-15. SciPy: `scipy.stats.norm.ppf`.
 * Source: M. J. Wichura, "Algorithm AS 241", Applied Statistics 37 (1988), routine PPND16.
 *
 * @throws {@link InvalidArgumentError} unless the probability is in [0, 1].
 */
export function normalQuantile(probability: number): number {
  checkProbability("probability", probability);
  const centred = probability - 0.5;
  if (Math.abs(centred) <= 0.425) {
    const r = 0.180625 - centred * centred;
    return (centred * polynomial(central.numerator, r)) / polynomial(central.denominator, r);
  }
  return centred < 0 ? -upperPoint(probability) : upperPoint(1 - probability);
}

/**
 * The x with P(X > x) = `probability` for a standard normal X: what to use for small upper tails.
 * SciPy: `scipy.stats.norm.isf`.
 *
 * @throws {@link InvalidArgumentError} unless the probability is in [0, 1].
 */
export function normalUpperQuantile(probability: number): number {
  return -normalQuantile(probability);
}

/** The point above which a probability of less than 0.075 lies. */
function upperPoint(tail: number): number {
  if (tail === 0) return Infinity;
  const r = Math.sqrt(-Math.log(tail));
  const { numerator, denominator, shift } = r <= 5 ? middle : far;
  return polynomial(numerator, r - shift) / polynomial(denominator, r - shift);
}

function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) value = value * x + (coefficients[i] ?? 0);
  return value;
}

const central = {
  numerator: [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
    67265.7709270087, 33430.57558358813, 2509.0809287301227,
  ],
  denominator: [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
} as const;

const middle = {
  shift: 1.6,
  numerator: [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  denominator: [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
} as const;

const far = {
  shift: 5,
  numerator: [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  denominator: [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
    1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
  ],
} as const;
