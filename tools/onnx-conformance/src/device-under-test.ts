import type { RunSuiteOptions } from "./suite-result.ts";

/** How a suite runs on a device. */
export type DeviceUnderTest = Pick<
  RunSuiteOptions,
  "device" | "runtime" | "predictor" | "bareRuntime" | "runsOnDevice"
>;
