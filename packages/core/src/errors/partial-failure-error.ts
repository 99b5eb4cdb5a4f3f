import { type ErrorCause, hasErrorCode, MlopsError } from "./mlops-error.ts";

/** The fields of an {@link PartialFailureError}. */
export interface PartialFailureErrorOptions extends ErrorCause {
  /** The outcome of each input, in the order given. */
  readonly results: readonly PromiseSettledResult<unknown>[];
}

/** Some inputs of a `predictMany` failed. The results of the others are in `results`. */
export class PartialFailureError extends MlopsError {
  override readonly name: string = "PartialFailureError";
  readonly code = "PARTIAL_FAILURE";
  /** The outcome of each input, in the order given. */
  readonly results: readonly PromiseSettledResult<unknown>[];

  constructor(options: PartialFailureErrorOptions) {
    super(describeFailures(options.results), options);
    this.results = options.results;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is PartialFailureError {
    return hasErrorCode(value, "PARTIAL_FAILURE");
  }
}

function describeFailures(results: readonly PromiseSettledResult<unknown>[]): string {
  const failures = results.flatMap((result, index) =>
    result.status === "rejected" ? [{ index, result }] : [],
  );
  const [first] = failures;
  const reason: unknown = first?.result.reason;
  const example =
    first === undefined
      ? ""
      : ` The first, input ${first.index}: ${reason instanceof Error ? reason.message : String(reason)}`;
  return `${failures.length} of ${results.length} inputs failed.${example}`;
}
