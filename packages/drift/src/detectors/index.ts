export { createDetector, detectorNames, restoreDetector } from "./create-detector.ts";
export type { DetectorName, DetectorState, DetectorUpdate, DriftDetector } from "./detector.ts";
export type {
  CalibratedOptions,
  DetectorOptions,
  RiverOptions,
  RiverParameters,
} from "./detector-options.ts";
export {
  type DetectorEvaluation,
  evaluateAlarms,
  evaluateDetector,
  type EvaluationOptions,
  type KnownDrift,
} from "./evaluate-detector.ts";
