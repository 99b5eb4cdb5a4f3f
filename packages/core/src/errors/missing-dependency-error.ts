import { type ErrorCause, hasErrorCode, MlopsError } from "./mlops-error.ts";

/** The fields of an {@link MissingDependencyError}. */
export interface MissingDependencyErrorOptions extends ErrorCause {
  /** The package to install. */
  readonly packageName: string;
  /** How to provide it, as a sentence. */
  readonly remedy: string;
}

/** An optional package that this feature rests on is not installed. */
export class MissingDependencyError extends MlopsError {
  override readonly name: string = "MissingDependencyError";
  readonly code = "MISSING_DEPENDENCY";
  /** The package to install. */
  readonly packageName: string;
  /** How to provide it, as a sentence. */
  readonly remedy: string;

  constructor(options: MissingDependencyErrorOptions) {
    super(
      `The package ${JSON.stringify(options.packageName)} could not be loaded. ${options.remedy}`,
      options,
    );
    this.packageName = options.packageName;
    this.remedy = options.remedy;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is MissingDependencyError {
    return hasErrorCode(value, "MISSING_DEPENDENCY");
  }
}
