export { chooseRepresentative } from "./choose-representative.ts";
export type { DeviceUnderTest } from "./device-under-test.ts";
export { findStale } from "./find-stale.ts";
export { nodeCpu, nodeWasm, nodeWebGpu } from "./node-devices.ts";
export { exceptionTable, operatorTable, suiteTable } from "./operator-table.ts";
export { allResults, currentResults } from "./results.ts";
export { type Disagreement, runSuite, type SuiteResult } from "./suite-result.ts";
export {
  casesIn,
  readResult,
  representativeCases,
  representativePath,
  resultPath,
  type Suite,
  suites,
} from "./suites.ts";
