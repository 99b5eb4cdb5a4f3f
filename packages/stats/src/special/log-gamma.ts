import { checkPositive } from "../arguments/check-number.ts";
import { stirlingError } from "./stirling-error.ts";

/**
 * The natural logarithm of the gamma function, for x > 0.
 *
 * Relative error below 2e-15, also beside the zeros at 1 and 2. SciPy: `scipy.special.gammaln`.
 * Source: DLMF 5.7.3 (series at 2) and 5.11.1 (Stirling).
 *
 * @throws {@link InvalidArgumentError} unless x is a finite number above 0.
 */
export function logGamma(x: number): number {
  checkPositive("x", x);
  if (x >= 2.5) return (x - 0.5) * Math.log(x) - x + halfLog2Pi + stirlingError(x);
  if (x >= 1.5) return logGammaNearTwo(x - 2);
  if (x >= 0.5) return logGammaNearTwo(x - 1) - Math.log1p(x - 1);
  return logGammaNearTwo(x) - Math.log1p(x) - Math.log(x);
}

const halfLog2Pi = 0.9189385332046728;
const eulerGamma = 0.5772156649015329;

/** `logΓ(2 + z)` for |z| of at most 1/2. */
function logGammaNearTwo(z: number): number {
  let sum = 0;
  for (let i = zetaTerms.length - 1; i >= 0; i--) sum = (zetaTerms[i] ?? 0) - z * sum;
  return z * (1 - eulerGamma + z * sum);
}

/** (ζ(k) - 1) / k for k = 2, 3, … */
const zetaTerms: readonly number[] = [
  0.3224670334241132, 0.06735230105319809, 0.020580808427784546, 0.007385551028673986, 0.0028905103307415234,
  0.001192753911703261, 0.0005096695247430425, 0.00022315475845357939, 9.945751278180853e-5,
  4.492623673813314e-5, 2.050721277567069e-5, 9.439488275268397e-6, 4.374866789907488e-6,
  2.039215753801366e-6, 9.55141213040742e-7, 4.492469198764566e-7, 2.1207184805554667e-7, 1.00432248239681e-7,
  4.7698101693639804e-8, 2.2711094608943164e-8, 1.0838659214896955e-8, 5.183475041970047e-9,
  2.4836745438024785e-9, 1.1921401405860912e-9, 5.731367241678862e-10, 2.7595228851242334e-10,
  1.330476437424449e-10, 6.4229645638381e-11,
];
