/** The codes of this package's errors. */
export type DriftErrorCode =
  | "INVALID_DATA"
  | "INVALID_DRIFT_OPTIONS"
  | "INVALID_PROFILE"
  | "INCOMPATIBLE_PROFILES"
  | "INVALID_SCHEMA";

// Registered, so that two copies of this package in one process recognise each other's errors.
const marker: symbol = Symbol.for("@mlops/drift.error");

/** What every error's constructor takes besides its own fields. */
export interface DriftErrorCause {
  /** The error that led to this one. */
  readonly cause?: unknown;
}

/** The base of every error that this package throws. Tell them apart by `code`, or by each class's `isInstance`. */
export abstract class DriftError extends Error {
  abstract readonly code: DriftErrorCode;

  constructor(message: string, options: DriftErrorCause) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    Object.defineProperty(this, marker, { value: true });
  }

  /** Whether `value` is an error of this package, from whichever copy of it. */
  static isInstance(value: unknown): value is DriftError {
    return typeof value === "object" && value !== null && Reflect.get(value, marker) === true;
  }
}

/** Whether `value` is an error of this package with the given code. */
export function hasDriftErrorCode(value: unknown, code: DriftErrorCode): value is DriftError {
  return DriftError.isInstance(value) && value.code === code;
}
