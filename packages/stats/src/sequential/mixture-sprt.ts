import { checkFinite, checkPositive } from "../arguments/check-number.ts";

/**
 * The evidence of a mixture sequential probability ratio test that a normal estimate's mean is not
 * `nullValue` (Robbins 1970; Johari, Koomen, Pekelis and Walsh 2022, equation 11): with V the estimate's
 * squared standard error and effects expected as N(0, τ²),
 *
 *     √(V / (V + τ²)) · exp(τ² d² / (2 V (V + τ²))),   d = estimate - nullValue
 *
 * An e-value at every look when the values are normal with known variance, and approximately so for
 * means and differences of many values: pass {@link asymptoticDifferenceSequence}'s arms' variances.
 *
 * @param options.effectDeviation τ: the size of effect that is expected, above 0. Fix it before looking.
 *
 * @example
 * mixtureSprtEValue({ estimate: 0.3, standardError: 0.1 }, { effectDeviation: 0.2 }); // 16.36722…
 */
export function mixtureSprtEValue(
  { estimate, standardError }: { readonly estimate: number; readonly standardError: number },
  { effectDeviation, nullValue = 0 }: { readonly effectDeviation: number; readonly nullValue?: number },
): number {
  checkFinite("estimate", estimate);
  checkPositive("standardError", standardError);
  checkPositive("options.effectDeviation", effectDeviation);
  checkFinite("options.nullValue", nullValue);
  const variance = standardError ** 2;
  const total = variance + effectDeviation ** 2;
  const distance = estimate - nullValue;
  return (
    Math.sqrt(variance / total) * Math.exp((effectDeviation ** 2 * distance ** 2) / (2 * variance * total))
  );
}
