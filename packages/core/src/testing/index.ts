// The conformance suite of backends
export { checkBackend, type ConformanceReport } from "./check-backend.ts";
export {
  type ConformanceModelName,
  conformanceModels,
  lookupTable,
  networkWeights,
  type NetworkWeights,
} from "./conformance/conformance-models.ts";
export {
  type ConformanceOptions,
  type ConformanceSkip,
  unsupported,
  type Unsupported,
} from "./conformance/conformance-options.ts";
export { conformanceTestNames } from "./conformance/conformance-tests.ts";
export { ConformanceError } from "./conformance/assertions.ts";
export { describeBackend, type TestRunner } from "./describe-backend.ts";
export { type BatchVarianceOptions, findBatchVariance } from "./find-batch-variance.ts";

// The conformance suite of artifact caches
export {
  type ArtifactCacheConformance,
  describeArtifactCache,
  type OpenCache,
} from "./describe-artifact-cache.ts";
export { memoryCache, type MemoryCacheOptions } from "./memory-cache.ts";

// Backends around backends
export { hostileProxy } from "./hostile-proxy.ts";
export { noopWrapper } from "./noop-wrapper.ts";
export { type WorkerBackend, workerWrapper } from "./worker-wrapper.ts";

// Stand-ins
export { fakeArtifact } from "./fake-artifact.ts";
export { type FakeBackend, fakeBackend, type FakeBackendOptions, type HoldOptions } from "./fake-backend.ts";
export { FakeEnvironment, settled } from "./fake-environment.ts";
export type { FakeFault } from "./fake-fault.ts";
export type { FakeModel } from "./fake-model.ts";
export type { FakeRun } from "./fake-run.ts";
