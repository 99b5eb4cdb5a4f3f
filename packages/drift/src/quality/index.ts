// Labels that come late
export {
  createQualityMonitor,
  type QualityMonitor,
  type QualityMonitorOptions,
  type QualityMonitorState,
  type QualityStatus,
  type QualityTask,
  type QualityUpdate,
  type QualityWindow,
  restoreQualityMonitor,
} from "./quality-monitor.ts";
export type { JoinCounts, JoinLimits } from "./label-join.ts";
export type { QualityComparison } from "./reference-comparison.ts";

// Performance without labels
export {
  type ClassificationEstimate,
  type ClassificationEstimator,
  type ClassificationEstimatorOptions,
  type ClassifierOutputs,
  createClassificationEstimator,
  type LabelledOutputs,
  type QualityEstimate,
} from "./classification-estimator.ts";
export {
  createRegressionEstimator,
  type LabelledRegressorOutputs,
  type RegressionEstimate,
  type RegressionEstimator,
  type RegressionEstimatorOptions,
  type RegressorOutputs,
} from "./regression-estimator.ts";
