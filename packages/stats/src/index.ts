export { InvalidArgumentError, type InvalidArgumentDetails } from "./errors/invalid-argument-error.ts";

export { erf, erfc, erfcx } from "./special/error-function.ts";
export {
  complementaryIncompleteBeta,
  inverseComplementaryIncompleteBeta,
  inverseIncompleteBeta,
  regularizedIncompleteBeta,
} from "./special/incomplete-beta.ts";
export {
  inverseRegularizedLowerGamma,
  inverseRegularizedUpperGamma,
  regularizedLowerGamma,
  regularizedUpperGamma,
} from "./special/incomplete-gamma.ts";
export { log1mexp } from "./special/log1m-exp.ts";
export { logBeta } from "./special/log-beta.ts";
export { logGamma } from "./special/log-gamma.ts";

export { betaCdf, betaQuantile, betaSf, betaUpperQuantile } from "./distributions/beta.ts";
export { binomialCdf, binomialPmf, binomialQuantile, binomialSf } from "./distributions/binomial.ts";
export {
  chiSquaredCdf,
  chiSquaredQuantile,
  chiSquaredSf,
  chiSquaredUpperQuantile,
} from "./distributions/chi-squared.ts";
export { fCdf, fQuantile, fSf } from "./distributions/f.ts";
export {
  hypergeometricCdf,
  hypergeometricPmf,
  hypergeometricSf,
  type HypergeometricParameters,
} from "./distributions/hypergeometric.ts";
export { kolmogorovOneSampleSf, kolmogorovOneSidedSf } from "./distributions/kolmogorov-one-sample.ts";
export { kolmogorovCdf, kolmogorovSf } from "./distributions/kolmogorov.ts";
export {
  normalCdf,
  normalLogSf,
  normalPdf,
  normalQuantile,
  normalSf,
  normalUpperQuantile,
} from "./distributions/normal.ts";
export { poissonCdf, poissonPmf, poissonQuantile, poissonSf } from "./distributions/poisson.ts";
export { studentTCdf, studentTQuantile, studentTSf } from "./distributions/student-t.ts";
