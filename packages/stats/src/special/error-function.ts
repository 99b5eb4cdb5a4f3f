import { checkNumber } from "../arguments/check-number.ts";

/**
 * The error function `2/√π · ∫₀ˣ exp(-t²) dt`, odd, from -1 to 1.
 *
 * Relative error below 1e-15. SciPy: `scipy.special.erf`. Source: DLMF 7.6.2, 7.9.2.
 *
 * @throws {@link InvalidArgumentError} for NaN.
 */
export function erf(x: number): number {
  checkNumber("x", x);
  const size = Math.abs(x);
  return Math.sign(x) * (size < 1 ? erfSeries(size) : 1 - erfcTail(size));
}

/**
 * The complementary error function `1 - erf(x)`, from 2 to 0, with its digits kept in the tail.
 *
 * Relative error below 2e-15, down to 1e-307. SciPy: `scipy.special.erfc`.
 *
 * @throws {@link InvalidArgumentError} for NaN.
 */
export function erfc(x: number): number {
  checkNumber("x", x);
  if (x < 1) return x > -1 ? 1 - Math.sign(x) * erfSeries(Math.abs(x)) : 2 - erfcTail(-x);
  return erfcTail(x);
}

/**
 * The scaled complementary error function `exp(x²)·erfc(x)`, which does not underflow.
 *
 * It grows beyond the largest number below about -26.6 and is Infinity there.
 * SciPy: `scipy.special.erfcx`.
 *
 * @throws {@link InvalidArgumentError} for NaN.
 */
export function erfcx(x: number): number {
  checkNumber("x", x);
  return x < 1 ? erfc(x) / expMinusSquare(x) : scaledTail(x);
}

/** `2x/√π · exp(-x²) · Σ (2x²)ⁿ/(1·3·…·(2n + 1))` for 0 ≤ x < 1; DLMF 7.6.2. */
function erfSeries(x: number): number {
  const square = 2 * x * x;
  let term = 1;
  let sum = 1;
  for (let n = 1; ; n++) {
    term *= square / (2 * n + 1);
    const next = sum + term;
    if (next === sum) break;
    sum = next;
  }
  return twoOverRootPi * x * Math.exp(-x * x) * sum;
}

function erfcTail(x: number): number {
  return x > 27.3 ? 0 : expMinusSquare(x) * scaledTail(x);
}

/** `exp(x²)·erfc(x)` for x ≥ 1, by the continued fraction DLMF 7.9.1, evaluated from its far end. */
function scaledTail(x: number): number {
  if (x > 1e8) return twoOverRootPi / 2 / x;
  // As many terms as rounding can tell apart; it takes more of them the smaller x is.
  let tail = x;
  for (let n = Math.ceil(12 + 170 / (x * x)); n >= 1; n--) tail = x + n / 2 / tail;
  return twoOverRootPi / 2 / tail;
}

/** `exp(-x²)`, with x² split so that its rounding does not show in the result. */
function expMinusSquare(x: number): number {
  const high = Math.round(x * 16) / 16;
  return Math.exp(-high * high) * Math.exp((high - x) * (high + x));
}

const twoOverRootPi = 1.1283791670955126;
