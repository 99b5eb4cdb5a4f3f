import { type ErrorCause, hasErrorCode, MlopsError } from "./mlops-error.ts";

/** The fields of an {@link TensorNameError}. */
export interface TensorNameErrorOptions extends ErrorCause {
  /** Names that the model needs and that were not given. */
  readonly missing: readonly string[];
  /** Names that were given and that the model does not have. */
  readonly unexpected: readonly string[];
  /** All names that the model has. */
  readonly expected: readonly string[];
}

/** The names of the tensors given are not those that the model has. */
export class TensorNameError extends MlopsError {
  override readonly name: string = "TensorNameError";
  readonly code = "TENSOR_NAME_MISMATCH";
  /** Names that the model needs and that were not given. */
  readonly missing: readonly string[];
  /** Names that were given and that the model does not have. */
  readonly unexpected: readonly string[];
  /** All names that the model has. */
  readonly expected: readonly string[];

  constructor(options: TensorNameErrorOptions) {
    super(describeNames(options), options);
    this.missing = options.missing;
    this.unexpected = options.unexpected;
    this.expected = options.expected;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is TensorNameError {
    return hasErrorCode(value, "TENSOR_NAME_MISMATCH");
  }
}

function describeNames({ missing, unexpected, expected }: TensorNameErrorOptions): string {
  const quote = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(", ");
  const parts = [
    ...(missing.length > 0 ? [`${quote(missing)} missing`] : []),
    ...(unexpected.length > 0 ? [`${quote(unexpected)} unknown`] : []),
  ];
  return `The tensors do not have the model's names: ${parts.join("; ")}. The model has ${quote(expected)}.`;
}
