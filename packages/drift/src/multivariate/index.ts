export {
  detectMultivariateDrift,
  type MultivariateOptions,
  type MultivariateResult,
  type TellingFeature,
} from "./detect-multivariate-drift.ts";
export {
  maximumMeanDiscrepancy,
  type MaximumMeanDiscrepancy,
  type MaximumMeanDiscrepancyOptions,
} from "./maximum-mean-discrepancy.ts";
