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
export { pelzGoodCdf } from "./distributions/pelz-good.ts";
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

export { mean, sum } from "./descriptive/sum.ts";
export { Moments, type MomentsState } from "./descriptive/moments.ts";

export {
  binomialInterval,
  type BinomialInterval,
  type BinomialIntervalMethod,
  type BinomialIntervalOptions,
  type Successes,
} from "./intervals/binomial-interval.ts";
export type { Estimate, Interval } from "./intervals/interval.ts";
export { meanInterval, type MeanInterval } from "./intervals/mean-interval.ts";
export { percentile, percentileRank } from "./intervals/percentile.ts";
export { poissonRateInterval } from "./intervals/poisson-rate-interval.ts";
export {
  quantileInterval,
  quantileRanks,
  type Bounds,
  type QuantileInterval,
  type QuantileRanks,
  type QuantileRanksOptions,
} from "./intervals/quantile-interval.ts";
export {
  proportionDifferenceInterval,
  proportionRatioInterval,
  type DifferenceMethod,
  type DifferenceOptions,
  type ProportionDifference,
  type ProportionRatio,
} from "./intervals/two-proportions.ts";

export {
  bernoulliDifferenceEValue,
  bernoulliDifferenceSequence,
  bernoulliEValue,
  bernoulliSequence,
  type BernoulliSequenceOptions,
  type BetaPrior,
  type DifferenceSequence,
} from "./sequential/bernoulli-sequence.ts";
export {
  distributionSequenceMargin,
  type DistributionSequenceOptions,
} from "./sequential/distribution-sequence.ts";
export {
  alwaysValidPValue,
  averageEValues,
  eValueFromPValue,
  multiplyEValues,
  rejectByEValues,
} from "./sequential/e-values.ts";
export {
  EmpiricalBernsteinSequence,
  type EmpiricalBernsteinOptions,
  type EmpiricalBernsteinState,
} from "./sequential/empirical-bernstein-sequence.ts";
export {
  eventRatioEValue,
  eventRatioSequence,
  type EventRatioOptions,
  type EventRatioSequence,
  type EventStratum,
} from "./sequential/event-ratio-sequence.ts";
export {
  crossingProbabilities,
  groupSequentialBounds,
  type GroupSequentialLook,
  type GroupSequentialOptions,
  type GroupSequentialShape,
} from "./sequential/group-sequential.ts";
export {
  asymptoticDifferenceSequence,
  asymptoticMeanSequence,
  subGaussianMeanSequence,
  type MeanSequenceOptions,
  type SampleSummary,
} from "./sequential/mean-sequence.ts";
export { mixtureSprtEValue } from "./sequential/mixture-sprt.ts";
export {
  normalMixtureBound,
  normalMixtureLogEValue,
  normalMixtureRho,
  type NormalMixtureOptions,
} from "./sequential/normal-mixture.ts";
export {
  quantileSequence,
  quantileSequenceRanks,
  type QuantileSequenceInterval,
  type QuantileSequenceOptions,
  type QuantileSequenceRanks,
} from "./sequential/quantile-sequence.ts";
export type { ConfidenceSequenceInterval } from "./sequential/sequence-interval.ts";
export {
  OnlineFalseDiscoveryRate,
  windowLevel,
  type OnlineFalseDiscoveryRateState,
} from "./sequential/window-levels.ts";

export {
  correctPValues,
  type Correction,
  type CorrectionMethod,
  type CorrectionOptions,
} from "./multiple-testing/correct-p-values.ts";

export {
  bootstrap,
  bootstrapRows,
  type BootstrapInterval,
  type BootstrapMethod,
  type BootstrapOptions,
} from "./resampling/bootstrap.ts";
export {
  monteCarloPValue,
  type MonteCarloOptions,
  type MonteCarloPValue,
} from "./resampling/monte-carlo-p-value.ts";
export {
  pairingTest,
  permutationTest,
  signFlipTest,
  type PermutationOptions,
  type PermutationTest,
} from "./resampling/permutation-test.ts";

export { averagePrecision } from "./quality/average-precision.ts";
export {
  calibrationError,
  type CalibrationBin,
  type CalibrationError,
  type CalibrationOptions,
} from "./quality/calibration-error.ts";
export {
  classificationQuality,
  type AveragedQuality,
  type ClassificationOptions,
  type ClassificationQuality,
  type ClassQuality,
} from "./quality/classification-quality.ts";
export {
  compareAccuracy,
  compareLosses,
  compareMeasure,
  type AccuracyComparison,
  type LossComparison,
} from "./quality/compare-models.ts";
export { confusionMatrix, type ConfusionMatrix } from "./quality/confusion-matrix.ts";
export type { Measured } from "./quality/delta-method.ts";
export type { BinaryLabels, Label, Labels } from "./quality/labels.ts";
export { meanLoss, type MeanLoss } from "./quality/mean-loss.ts";
export { brierScore, logLoss, multiclassLogLoss } from "./quality/probability-loss.ts";
export { quantileLoss, regressionQuality, type RegressionQuality } from "./quality/regression-quality.ts";
export { compareRocAuc, rocAuc, type AucComparison, type RocAuc } from "./quality/roc-auc.ts";

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

// Linear algebra
export { symmetricEigen, type SymmetricEigen } from "./numeric/symmetric-eigen.ts";
