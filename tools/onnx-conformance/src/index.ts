export { type DeviceUnderTest, nodeCpu, nodeWasm, nodeWebGpu } from "./devices.ts";
export { findStale } from "./find-stale.ts";
export { exceptionTable, operatorTable, suiteTable } from "./operator-table.ts";
export { allResults, currentResults } from "./results.ts";
export { type Disagreement, runSuite, type SuiteResult } from "./suite-result.ts";
export {
  casesIn,
  chooseRepresentative,
  readResult,
  representativeCases,
  representativePath,
  resultPath,
  type Suite,
  suites,
} from "./suites.ts";
