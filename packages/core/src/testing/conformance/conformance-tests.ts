import { abortTests } from "./abort-tests.ts";
import { batchTests } from "./batch-tests.ts";
import type { ConformanceTest } from "./conformance-test.ts";
import { errorTests } from "./error-tests.ts";
import { hostTests } from "./host-tests.ts";
import { loadTests } from "./load-tests.ts";
import { metadataTests } from "./metadata-tests.ts";
import { releaseTests } from "./release-tests.ts";
import { runTests } from "./run-tests.ts";
import { validationTests } from "./validation-tests.ts";

/** The whole suite. */
export const conformanceTests = (): readonly ConformanceTest[] => [
  ...loadTests(),
  ...metadataTests(),
  ...runTests(),
  ...batchTests(),
  ...validationTests(),
  ...errorTests(),
  ...abortTests(),
  ...releaseTests(),
  ...hostTests(),
];

/** The names of all tests of the conformance suite, in their order: what a skip can name. */
export function conformanceTestNames(): readonly string[] {
  return conformanceTests().map(({ name }) => name);
}
