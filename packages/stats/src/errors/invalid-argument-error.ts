const marker: symbol = Symbol.for("@mlops/stats.InvalidArgumentError");

/** What an {@link InvalidArgumentError} is made of. */
export interface InvalidArgumentDetails {
  /** The argument's name, with the place in it where there is one: `sample[17]`, `options.confidence`. */
  readonly argument: string;
  readonly cause?: unknown;
}

/**
 * An argument for which the function is not defined: an empty sample, a NaN, a probability outside
 * [0, 1]. The message says which argument, what was found, and what to pass instead.
 *
 * Every function of this package throws this error, and no other, for what it cannot use.
 */
export class InvalidArgumentError extends Error {
  readonly code = "INVALID_ARGUMENT";
  override readonly name = "InvalidArgumentError";
  readonly argument: string;

  constructor(message: string, { argument, cause }: InvalidArgumentDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.argument = argument;
    Object.defineProperty(this, marker, { value: true });
  }

  /** Whether `value` is such an error, also one of another copy of this package. */
  static isInstance(value: unknown): value is InvalidArgumentError {
    return typeof value === "object" && value !== null && marker in value;
  }
}
