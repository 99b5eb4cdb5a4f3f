import type { ArtifactSource } from "../../artifact/artifact.ts";
import type { Backend } from "../../backend/backend.ts";
import type { ConformanceModelName } from "./conformance-models.ts";

/** What the conformance suite is told of a backend. */
export interface ConformanceOptions {
  readonly backend: Backend;
  /**
   * Gives each of the suite's models in the backend's own format, or says by {@link unsupported}
   * why there is none; then the tests that need it are skipped. What each one computes is in
   * `conformanceModels`. It is called when a model is needed, possibly often.
   */
  readonly models: (name: ConformanceModelName) => ArtifactSource | Unsupported;
  /** What is not run. Default none: every test is. */
  readonly skip?: readonly ConformanceSkip[] | undefined;
  /** Milliseconds after which a test that has not ended has failed. Default 20,000. */
  readonly timeoutMs?: number | undefined;
}

/** A test that a backend does not pass, and why. */
export interface ConformanceSkip {
  /** The test's whole name. One that no test has is refused. */
  readonly test: string;
  readonly reason: string;
}

/** A model that a backend's format cannot express. */
export interface Unsupported {
  readonly unsupported: string;
}

/** Says why a backend has none of a model: `unsupported("the format has no text")`. */
export function unsupported(reason: string): Unsupported {
  return Object.freeze({ unsupported: reason });
}
