import { describeIssues, type InputIssue } from "./input-issue.ts";
import { type ErrorCause, hasErrorCode, MlopsError } from "./mlops-error.ts";

/** The fields of an {@link InvalidManifestError}. */
export interface InvalidManifestErrorOptions extends ErrorCause {
  /** Where the manifest came from. */
  readonly location: string;
  /** What is wrong, field by field. */
  readonly issues: readonly InputIssue[];
}

/** The `model.json` of a model package does not follow the manifest format. */
export class InvalidManifestError extends MlopsError {
  override readonly name: string = "InvalidManifestError";
  readonly code = "INVALID_MANIFEST";
  /** Where the manifest came from. */
  readonly location: string;
  /** What is wrong, field by field. */
  readonly issues: readonly InputIssue[];

  constructor(options: InvalidManifestErrorOptions) {
    super(`The manifest at ${options.location} is not valid: ${describeIssues(options.issues)}.`, options);
    this.location = options.location;
    this.issues = options.issues;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is InvalidManifestError {
    return hasErrorCode(value, "INVALID_MANIFEST");
  }
}
