import { type ErrorCause, hasErrorCode, MlopsError } from "./mlops-error.ts";

/** Which code of an author failed: a part of a model's definition, or a function that a composition was given. */
export type CodecStage = "input" | "encode" | "decode" | "output" | "composition";

/** The fields of a {@link CodecError}. */
export interface CodecErrorOptions extends ErrorCause {
  /** The name of the model or composition. */
  readonly model: string;
  readonly stage: CodecStage;
  /** What went wrong, as the end of a sentence. */
  readonly problem: string;
}

/**
 * An author's own code failed: of a model's definition its `encode`, its `decode`, a schema that throws,
 * or the output that its `output` schema refuses; of a composition a function that it was given, such
 * as `combine`, `when` or `key`.
 */
export class CodecError extends MlopsError {
  override readonly name: string = "CodecError";
  readonly code = "CODEC_FAILED";
  /** The name of the model or composition. */
  readonly model: string;
  readonly stage: CodecStage;
  /** What went wrong, as the end of a sentence. */
  readonly problem: string;

  constructor(options: CodecErrorOptions) {
    const part = options.stage === "composition" ? "composition" : `${options.stage} step of the model`;
    super(`The ${part} ${JSON.stringify(options.model)} failed: ${options.problem}.`, options);
    this.model = options.model;
    this.stage = options.stage;
    this.problem = options.problem;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is CodecError {
    return hasErrorCode(value, "CODEC_FAILED");
  }
}
