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

// Seeded random numbers
export { createRandom, type Random } from "./random/create-random.ts";

// Distances between two distributions over the same cells
export { bhattacharyyaDistance } from "./distances/bhattacharyya.ts";
export { chiSquareDistance } from "./distances/chi-square-distance.ts";
export {
  type DivergenceName,
  type DivergenceNullLaw,
  divergenceNullLaw,
  type NullLawSizes,
} from "./distances/divergence-null-law.ts";
export { hellingerDistance } from "./distances/hellinger.ts";
export {
  jensenShannonDistance,
  jensenShannonDivergence,
  type JensenShannonOptions,
} from "./distances/jensen-shannon.ts";
export { klDivergence, type KlDivergenceOptions } from "./distances/kl-divergence.ts";
export { kolmogorovDistance } from "./distances/kolmogorov-distance.ts";
export {
  populationStabilityIndex,
  type PopulationStabilityIndexOptions,
} from "./distances/population-stability-index.ts";
export { lInfinityDistance, totalVariationDistance } from "./distances/total-variation.ts";
export type { ZeroHandling } from "./distances/zero-handling.ts";

// Summaries in bounded memory, mergeable by addition
export { type CellGroups, equalMassGroups, sumGroups } from "./summaries/cell-groups.ts";
export { ExactAccumulator, type ExactAccumulatorState } from "./summaries/exact-accumulator.ts";
export { type FrequentItem, FrequentItems } from "./summaries/frequent-items.ts";
export { type Hash64, hashText } from "./summaries/hash-text.ts";
export { HyperLogLog } from "./summaries/hyper-log-log.ts";
export { KllSketch, type KllSketchOptions, type WeightedValues } from "./summaries/kll-sketch.ts";
export { kolmogorovInterval, type KolmogorovInterval } from "./summaries/kolmogorov-interval.ts";
export { type LearnCellsOptions, QuantileCells } from "./summaries/quantile-cells.ts";
export { nextDown } from "./summaries/next-down.ts";
export { powerOfTwoScale, RoundedSum } from "./summaries/rounded-sum.ts";
export { SlidingCells, type SlidingCellsOptions } from "./summaries/sliding-cells.ts";
