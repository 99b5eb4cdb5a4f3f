import type { ConformanceOptions } from "./conformance/conformance-options.ts";
import { planConformance } from "./conformance/plan-conformance.ts";

/**
 * The functions of a test runner that are called. Those of vitest, jest, bun and `node:test` fit as
 * they are.
 */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly test: {
    (name: string, body: () => Promise<void>): unknown;
    readonly skip: (name: string, body: () => Promise<void>) => unknown;
  };
}

/**
 * The conformance suite: registers a test for each thing that a backend promises. A backend that
 * passes can be used by everything in this library.
 *
 * @param name - What is tested, such as `onnx` or `onnx, in a worker`.
 * @param options - The backend and its models.
 * @param runner - The test runner's own functions.
 * @throws InvalidOptionsError `INVALID_OPTIONS` when a skip names no test or gives no reason.
 *
 * @example
 * ```ts no-run
 * import { describe, test } from "vitest";
 *
 * describeBackend("mine", { backend: mine(), models: (name) => `models/${name}.mine` }, { describe, test });
 * ```
 */
export function describeBackend(
  name: string,
  options: ConformanceOptions,
  { describe, test }: TestRunner,
): void {
  const planned = planConformance(options);
  describe(name, () => {
    for (const { name: title, skipped, run } of planned) {
      if (skipped === undefined) test(title, () => run());
      else test.skip(`${title} (${skipped})`, () => run());
    }
  });
}
