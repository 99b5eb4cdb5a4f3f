const marker = Symbol.for("@mlops/rollout/store-failure-error");

/** The fields of a {@link StoreFailureError}. */
export interface StoreFailureDetails {
  /** Which store: `file`, `postgres`, `redis`. */
  readonly store: string;
  /** What went wrong, as the end of a sentence. */
  readonly problem: string;
  readonly cause?: unknown;
}

/** A store failed by itself. Replicas go on with what they know, and try again. */
export class StoreFailureError extends Error {
  override readonly name: string = "StoreFailureError";
  readonly code = "STORE_FAILED";
  readonly store: string;

  constructor({ store, problem, cause }: StoreFailureDetails) {
    super(`The ${store} store ${problem}.`, cause === undefined ? undefined : { cause });
    this.store = store;
    Object.defineProperty(this, marker, { value: true });
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static isInstance(value: unknown): value is StoreFailureError {
    return typeof value === "object" && value !== null && Reflect.get(value, marker) === true;
  }
}
