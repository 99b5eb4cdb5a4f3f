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

export { type Sample } from "./arguments/sample.ts";
export { type Alternative, type Method } from "./hypothesis/alternative.ts";
export {
  andersonDarlingKSample,
  type AndersonDarlingOptions,
  type AndersonDarlingResult,
} from "./hypothesis/anderson-darling.ts";
export {
  type CramerVonMisesOptions,
  type CramerVonMisesResult,
  cramerVonMisesTwoSample,
} from "./hypothesis/cramer-von-mises.ts";
export {
  energyDistance,
  energyStatistic,
  wassersteinDistance,
  type WeightOptions,
} from "./hypothesis/distribution-distance.ts";
export {
  eppsSingleton,
  type EppsSingletonOptions,
  type EppsSingletonResult,
} from "./hypothesis/epps-singleton.ts";
export {
  fisherExact,
  type FisherExactOptions,
  type FisherExactResult,
  type TwoByTwoTable,
} from "./hypothesis/fisher-exact.ts";
export {
  chiSquaredGoodnessOfFit,
  gGoodnessOfFit,
  type GoodnessOfFitOptions,
  type GoodnessOfFitResult,
} from "./hypothesis/goodness-of-fit.ts";
export {
  chiSquaredIndependence,
  gIndependence,
  type IndependenceOptions,
  type IndependenceResult,
} from "./hypothesis/independence.ts";
export { ksOneSample, type KsOneSampleOptions, type KsOneSampleResult } from "./hypothesis/ks-one-sample.ts";
export {
  createKsReference,
  type KsReference,
  ksTwoSample,
  type KsTwoSampleOptions,
  type KsTwoSampleResult,
} from "./hypothesis/ks-two-sample.ts";
export { levene, type LeveneOptions, type LeveneResult } from "./hypothesis/levene.ts";
export {
  mannWhitneyU,
  type MannWhitneyUOptions,
  type MannWhitneyUResult,
} from "./hypothesis/mann-whitney-u.ts";
export {
  type DiscordantPairs,
  mcNemar,
  type McNemarOptions,
  type McNemarResult,
} from "./hypothesis/mcnemar.ts";
export { type Divergence } from "./hypothesis/power-divergence.ts";
export {
  oneProportionZTest,
  type Proportion,
  type ProportionOptions,
  type ProportionResult,
  twoProportionZTest,
} from "./hypothesis/proportion-z-test.ts";
export { signTest, type SignTestOptions, type SignTestResult } from "./hypothesis/sign-test.ts";
export { studentTTest, type TTestOptions, type TTestResult, welchTTest } from "./hypothesis/t-test.ts";
export {
  type WilcoxonOptions,
  type WilcoxonResult,
  wilcoxonSignedRank,
} from "./hypothesis/wilcoxon-signed-rank.ts";
