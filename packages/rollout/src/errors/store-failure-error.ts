import { hasRolloutErrorCode, RolloutError } from "./rollout-error.ts";

/** The fields of a {@link StoreFailureError}. */
export interface StoreFailureDetails {
  /** Which store: `file`, `postgres`, `redis`. */
  readonly store: string;
  /** What went wrong, as the end of a sentence. */
  readonly problem: string;
  readonly cause?: unknown;
}

/** A store failed by itself. Replicas go on with what they know, and try again. */
export class StoreFailureError extends RolloutError {
  override readonly name: string = "StoreFailureError";
  override readonly code = "STORE_FAILED";
  readonly store: string;

  constructor({ store, problem, cause }: StoreFailureDetails) {
    super(`The ${store} store ${problem}.`, { cause });
    this.store = store;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is StoreFailureError {
    return hasRolloutErrorCode(value, "STORE_FAILED");
  }
}
