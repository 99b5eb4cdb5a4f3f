import { AbortedError } from "../errors/aborted-error.ts";
import { BackendError } from "../errors/backend-error.ts";
import { CodecError } from "../errors/codec-error.ts";
import { type ErrorCodeInfo, errorCodes } from "../errors/error-codes.ts";
import { MlopsError } from "../errors/mlops-error.ts";

/** The error as one of this library's: as it is, the abort it comes from, or a `BACKEND_FAILED`. */
export function toTypedError(cause: unknown, backend: string, signal?: AbortSignal): MlopsError {
  if (MlopsError.isInstance(cause)) return cause;
  return abortOf(signal) ?? new BackendError({ backend, problem: describeError(cause), cause });
}

/** What an error is once the signal has aborted: what listens to it, such as fetch, rejects with its reason. */
function abortOf(signal: AbortSignal | undefined): MlopsError | undefined {
  if (!signal?.aborted) return undefined;
  return MlopsError.isInstance(signal.reason)
    ? signal.reason
    : new AbortedError({ stage: "running", cause: signal.reason });
}

/**
 * Runs a function that the author of a composition gave.
 *
 * @param signal - What the function was given too, if it was given one.
 */
export async function runAuthorCode<Result>(
  model: string,
  name: string,
  run: () => Result | Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  try {
    return await run();
  } catch (cause) {
    if (MlopsError.isInstance(cause)) throw cause;
    const aborted = abortOf(signal);
    if (aborted !== undefined) throw aborted;
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
