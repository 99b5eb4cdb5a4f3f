import type { ConformanceContext } from "./conformance-context.ts";
import type { ConformanceModelName } from "./conformance-models.ts";

/** One test of the suite. */
export interface ConformanceTest {
  /** `group: what a backend does`. A skip names it. */
  readonly name: string;
  /** The models that it loads. A backend that lacks one of them has it skipped. */
  readonly models: readonly ConformanceModelName[];
  /** Rejects when the backend does not do it. */
  readonly run: (context: ConformanceContext) => Promise<void>;
}
