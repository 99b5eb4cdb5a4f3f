import { AbortedError } from "../errors/aborted-error.ts";
import { BackendError } from "../errors/backend-error.ts";
import { CodecError } from "../errors/codec-error.ts";
import { type ErrorCodeInfo, errorCodes } from "../errors/error-codes.ts";
import { MlopsError } from "../errors/mlops-error.ts";

/** The error as one of this library's: as it is, the abort it comes from, or a `BACKEND_FAILED`. */
export function toTypedError(cause: unknown, backend: string, signal?: AbortSignal): MlopsError {
  if (MlopsError.isInstance(cause)) return cause;
  // What listens to the signal, such as fetch, rejects with the signal's reason.
  if (signal?.aborted) {
    return MlopsError.isInstance(signal.reason)
      ? signal.reason
      : new AbortedError({ stage: "running", cause: signal.reason });
  }
  return new BackendError({ backend, problem: describeError(cause), cause });
}

/** Runs a function that the author of a composition gave. */
export async function runAuthorCode<Result>(
  model: string,
  name: string,
  run: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await run();
  } catch (cause) {
    if (MlopsError.isInstance(cause)) throw cause;
    const problem = `${name}() threw: ${describeError(cause)}`;
    throw new CodecError({ model, stage: "composition", problem, cause });
  }
}

/** The row of the table of codes; `undefined` for the code of another version of this package. */
export function findErrorCodeInfo({ code }: MlopsError): ErrorCodeInfo | undefined {
  return Object.hasOwn(errorCodes, code) ? errorCodes[code] : undefined;
}

function describeError(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
}
