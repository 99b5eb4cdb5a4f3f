import { log1pMinusX } from "./log1p-minus-x.ts";
import { stirlingError } from "./stirling-error.ts";

/**
 * `x^a · e^-x / Γ(a + 1)` for a > 0 and x ≥ 0: for a whole `a` the Poisson probability of `a` events
 * where `x` are expected.
 *
 * It is computed from its deviance, so it keeps its digits for large arguments.
 * Source: C. Loader, "Fast and accurate computation of binomial probabilities", 2000.
 */
export function poissonPower(a: number, x: number): number {
  if (x === 0) return 0;
  if (x === Infinity) return 0;
  const u = (x - a) / a;
  const exponent = u > -0.4 && u < 0.6 ? a * log1pMinusX(u) : a * Math.log(x / a) + (a - x);
  return Math.exp(exponent - stirlingError(a)) / Math.sqrt(2 * Math.PI * a);
}
