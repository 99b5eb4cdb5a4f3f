import { type ErrorCode, errorCodes, MlopsError, OverloadedError } from "@mlops/core";

/** An error as a response tells it. */
export interface HttpError {
  readonly status: number;
  /** An error code of `@mlops/core`, or of this package. */
  readonly code: ErrorCode | ProtocolErrorCode;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What can be wrong with a request before a predictor sees it. */
export type ProtocolErrorCode =
  | "INTERNAL"
  | "METHOD_NOT_ALLOWED"
  | "NOT_FOUND"
  | "NOT_READY"
  | "PAYLOAD_TOO_LARGE";

/** Thrown inside this package to answer with a given error. */
export class ProtocolError extends Error {
  readonly httpError: HttpError;

  constructor(httpError: HttpError) {
    super(httpError.message);
    this.name = "ProtocolError";
    this.httpError = httpError;
  }
}

/** The HTTP status of each error code. 499 is nginx's "client closed request": nobody reads it. */
const statusByCode: Readonly<Record<ErrorCode, number>> = {
  ABORTED: 499,
  BACKEND_FAILED: 500,
  CLOSED: 503,
  CODEC_FAILED: 500,
  DEADLINE_EXCEEDED: 504,
  DTYPE_MISMATCH: 400,
  EMPTY_BATCH: 400,
  INTEGRITY_MISMATCH: 500,
  INVALID_INPUT: 400,
  INVALID_MANIFEST: 500,
  INVALID_OPTIONS: 500,
  INVALID_TENSOR: 400,
  MEMORY_BUDGET_EXCEEDED: 500,
  MISSING_DEPENDENCY: 500,
  MODEL_LOAD_FAILED: 500,
  OVERLOADED: 503,
  PARTIAL_FAILURE: 500,
  SHAPE_MISMATCH: 400,
  TENSOR_NAME_MISMATCH: 400,
  UNSUPPORTED: 501,
  WORKER_LOST: 503,
};

/**
 * How an error is told to a client.
 *
 * The client's own mistakes are told as they are. Of everything else only its kind is: a message
 * from inside may hold paths and values that are nobody else's business.
 */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof ProtocolError) return error.httpError;
  if (!MlopsError.isInstance(error)) {
    return {
      status: 500,
      code: "INTERNAL",
      message: "The server failed to answer. The request may be sent again.",
    };
  }
  const { code } = error;
  // An error of a newer copy of the package may have a code that this one does not know.
  const status = statusByCode[code] ?? 500;
  const message =
    status < 500 ? error.message : (errorCodes[code]?.meaning ?? "The server failed to answer.");
  const headers = OverloadedError.isInstance(error)
    ? { "retry-after": String(Math.ceil(error.retryAfterMs / 1_000)) }
    : undefined;
  return { status, code, message, headers };
}
