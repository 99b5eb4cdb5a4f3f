import type { ConformanceOptions } from "./conformance/conformance-options.ts";
import { planConformance } from "./conformance/plan-conformance.ts";

/** How a backend did in the conformance suite. */
export interface ConformanceReport {
  /** The names of the tests that it passed. */
  readonly passed: readonly string[];
  readonly failed: readonly { readonly test: string; readonly error: unknown }[];
  readonly skipped: readonly { readonly test: string; readonly reason: string }[];
}

/**
 * The conformance suite without a test runner: for a script, or a page of a browser.
 *
 * @returns What became of each test; a backend that fails does not reject it.
 * @throws InvalidOptionsError `INVALID_OPTIONS` when a skip names no test or gives no reason.
 */
export async function checkBackend(options: ConformanceOptions): Promise<ConformanceReport> {
  const passed: string[] = [];
  const failed: { readonly test: string; readonly error: unknown }[] = [];
  const skipped: { readonly test: string; readonly reason: string }[] = [];
  for (const { name, skipped: reason, run } of planConformance(options)) {
    if (reason !== undefined) {
      skipped.push({ test: name, reason });
      continue;
    }
    try {
      await run();
      passed.push(name);
    } catch (error) {
      failed.push({ test: name, error });
    }
  }
  return { passed, failed, skipped };
}
