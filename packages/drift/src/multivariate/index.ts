export {
  detectMultivariateDrift,
  type MultivariateOptions,
  type MultivariateResult,
  type TellingFeature,
} from "./detect-multivariate-drift.ts";
export {
  detectReconstructionDrift,
  type ReconstructionOptions,
  type ReconstructionResult,
} from "./detect-reconstruction-drift.ts";
export {
  maximumMeanDiscrepancy,
  type MaximumMeanDiscrepancy,
  type MaximumMeanDiscrepancyOptions,
} from "./maximum-mean-discrepancy.ts";
