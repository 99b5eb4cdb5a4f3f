import { checkPositive } from "../arguments/check-number.ts";
import { log1pMinusX } from "./log1p-minus-x.ts";
import { logGamma } from "./log-gamma.ts";
import { stirlingError } from "./stirling-error.ts";

/**
 * The natural logarithm of the beta function `B(a, b) = Γ(a)Γ(b)/Γ(a + b)`, for a, b > 0.
 *
 * Relative error below 1e-14 where the result is not near 0, also for one large and one small
 * argument. SciPy: `scipy.special.betaln`. Source: DLMF 5.12.1, 5.11.1.
 *
 * @throws {@link InvalidArgumentError} unless both are finite numbers above 0.
 */
export function logBeta(a: number, b: number): number {
  checkPositive("a", a);
  checkPositive("b", b);
  const small = Math.min(a, b);
  const large = Math.max(a, b);
  if (large < 10) return logGamma(small) + (logGamma(large) - logGamma(small + large));
  // log Γ(large) - log Γ(small + large), from Stirling's formula for both.
  const ratio = small / large;
  const difference =
    stirlingError(large) -
    stirlingError(small + large) -
    (large - 0.5) * Math.log1p(ratio) -
    small * Math.log(small + large) +
    small;
  return logGamma(small) + difference;
}

/**
 * `x^a · y^b / B(a, b)` with y = 1 - x, for a, b > 0 and x, y in [0, 1]: the factor before the
 * continued fraction of the incomplete beta function, and (times 1/(x·y)) the beta density.
 *
 * Both exponents are deviances, which are never positive, so nothing cancels.
 */
export function betaPower(a: number, b: number, x: number, y: number): number {
  if (x === 0 || y === 0) return 0;
  const total = a + b;
  const difference = x * b - y * a;
  const exponent =
    scaledLog(a, difference / a, x * (total / a)) + scaledLog(b, -difference / b, y * (total / b));
  const correction = stirlingError(total) - stirlingError(a) - stirlingError(b);
  return (
    Math.sqrt((Math.min(a, b) / total) * (Math.max(a, b) / (2 * Math.PI))) * Math.exp(exponent + correction)
  );
}

/** `weight·(log ratio - u)`, where ratio = 1 + u. */
function scaledLog(weight: number, u: number, ratio: number): number {
  return weight * (u > -0.4 && u < 0.6 ? log1pMinusX(u) : Math.log(ratio) - u);
}
