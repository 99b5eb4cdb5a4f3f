import { checkNumber } from "../arguments/check-number.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";

/**
 * `log(1 - exp(x))` for x in [-Infinity, 0]: the logarithm of the probability left when `x` is the
 * logarithm of one.
 *
 * `log1mexp(0)` is -Infinity, `log1mexp(-Infinity)` is 0. Relative error of a few times 1e-16.
 * Source: M. Mächler, "Accurately computing log(1 - exp(-|a|))", 2012.
 *
 * @throws {@link InvalidArgumentError} for NaN and for x > 0.
 */
export function log1mexp(x: number): number {
  checkNumber("x", x);
  if (x > 0) {
    throw new InvalidArgumentError(`x is ${x}; pass the logarithm of a probability, which is at most 0.`, {
      argument: "x",
    });
  }
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
}
