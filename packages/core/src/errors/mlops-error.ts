import type { ErrorCode } from "./error-codes.ts";

// Registered, so that two copies of this package in one process recognise each other's errors.
const marker = Symbol.for("@mlops/error");

/** What every error's constructor takes besides its own fields. */
export interface ErrorCause {
  /** The error that led to this one. */
  readonly cause?: unknown;
}

/**
 * The base of every error that this library throws.
 *
 * Tell them apart by `code`, which is stable, or by each class's `isInstance`. `instanceof`
 * fails between two installed copies of the package; `isInstance` does not.
 */
export abstract class MlopsError extends Error {
  /** Which kind of error it is; {@link errorCodes} lists them all. */
  abstract readonly code: ErrorCode;

  constructor(message: string, options: ErrorCause = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    Object.defineProperty(this, marker, { value: true });
  }

  /** Whether `value` is an error of this library, from whichever copy of it. */
  static isInstance(value: unknown): value is MlopsError {
    return typeof value === "object" && value !== null && Reflect.get(value, marker) === true;
  }
}

/** Whether `value` is an error of this library with the given code. */
export function hasErrorCode(value: unknown, code: ErrorCode): value is MlopsError {
  return MlopsError.isInstance(value) && value.code === code;
}
