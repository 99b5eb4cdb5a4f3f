/** The codes of this package's errors. */
export type RolloutErrorCode = "INVALID_POLICY" | "ROLLOUT_CONFLICT" | "STORE_CONFLICT" | "STORE_FAILED";

// Registered, so that two copies of this package in one process recognise each other's errors.
const marker: symbol = Symbol.for("@mlops/rollout.error");

/** What every error's constructor takes besides its own fields. */
export interface RolloutErrorCause {
  /** The error that led to this one. */
  readonly cause?: unknown;
}

/** The base of every error that this package throws. Tell them apart by `code`, or by each class's `isInstance`. */
export abstract class RolloutError extends Error {
  abstract readonly code: RolloutErrorCode;

  constructor(message: string, { cause }: RolloutErrorCause = {}) {
    super(message, cause === undefined ? undefined : { cause });
    Object.defineProperty(this, marker, { value: true });
  }

  /** Whether `value` is an error of this package, from whichever copy of it. */
  static isInstance(value: unknown): value is RolloutError {
    return typeof value === "object" && value !== null && Reflect.get(value, marker) === true;
  }
}

/** Whether `value` is an error of this package with the given code. */
export function hasRolloutErrorCode(value: unknown, code: RolloutErrorCode): value is RolloutError {
  return RolloutError.isInstance(value) && value.code === code;
}
