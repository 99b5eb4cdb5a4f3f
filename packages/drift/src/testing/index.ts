export {
  checkDetector,
  describeDetector,
  type DetectorConformanceOptions,
  detectorConformanceTestNames,
  DetectorConformanceError,
  type DetectorReport,
  type DetectorSkip,
  type DetectorTestRunner,
} from "./describe-detector.ts";
