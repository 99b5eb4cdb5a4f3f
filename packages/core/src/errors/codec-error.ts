import { type ErrorCause, hasErrorCode, MlopsError } from "./mlops-error.ts";

/** The fields of an {@link CodecError}. */
export interface CodecErrorOptions extends ErrorCause {
  /** The name of the model. */
  readonly model: string;
  /** Which part of the definition. */
  readonly stage: "input" | "encode" | "decode" | "output";
  /** What went wrong, as the end of a sentence. */
  readonly problem: string;
}

/**
 * A model definition's own code failed: its `encode`, its `decode`, a schema that throws, or the output that its
 * `output` schema refuses.
 */
export class CodecError extends MlopsError {
  override readonly name: string = "CodecError";
  readonly code = "CODEC_FAILED";
  /** The name of the model. */
  readonly model: string;
  /** Which part of the definition. */
  readonly stage: "input" | "encode" | "decode" | "output";
  /** What went wrong, as the end of a sentence. */
  readonly problem: string;

  constructor(options: CodecErrorOptions) {
    super(
      `The ${options.stage} step of the model ${JSON.stringify(options.model)} failed: ${options.problem}.`,
      options,
    );
    this.model = options.model;
    this.stage = options.stage;
    this.problem = options.problem;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is CodecError {
    return hasErrorCode(value, "CODEC_FAILED");
  }
}
