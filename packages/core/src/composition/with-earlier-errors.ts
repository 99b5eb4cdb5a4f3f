import type { MlopsError } from "../errors/mlops-error.ts";

/**
 * The error with those that came before it as its cause: an `AggregateError` of them, whose own
 * cause is the one that the error had. It is a copy, as others may hold the same error.
 */
export function withEarlierErrors<Kind extends MlopsError>(
  error: Kind,
  earlier: readonly MlopsError[],
): Kind {
  if (earlier.length === 0) return error;
  const cause = new AggregateError(
    earlier,
    `Before it, ${earlier.length} other${earlier.length === 1 ? "" : "s"} failed.`,
    error.cause === undefined ? undefined : { cause: error.cause },
  );
  const own = { ...Object.getOwnPropertyDescriptors(error) };
  // Read here, because engines may keep the stack where a copy does not have it.
  const stack = { value: error.stack, writable: true, configurable: true };
  const copy: Kind = Object.create(Object.getPrototypeOf(error), {
    ...own,
    stack,
    cause: { value: cause, writable: true, configurable: true },
  });
  return copy;
}
