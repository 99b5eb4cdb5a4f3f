import { type ErrorCause, hasErrorCode, MlopsError } from "./mlops-error.ts";

/** The fields of an {@link DeadlineExceededError}. */
export interface DeadlineExceededErrorOptions extends ErrorCause {
  /** Where the request was: waiting to run, or running. A running model is not interrupted; its result is dropped. */
  readonly stage: "queued" | "running";
  /** Milliseconds from the request to the deadline. */
  readonly waitedMs: number;
}

/** A request's deadline passed before its result was there. */
export class DeadlineExceededError extends MlopsError {
  override readonly name: string = "DeadlineExceededError";
  readonly code = "DEADLINE_EXCEEDED";
  /** Where the request was: waiting to run, or running. A running model is not interrupted; its result is dropped. */
  readonly stage: "queued" | "running";
  /** Milliseconds from the request to the deadline. */
  readonly waitedMs: number;

  constructor(options: DeadlineExceededErrorOptions) {
    super(
      `The deadline passed after ${Math.round(options.waitedMs)} ms, while the request was ${options.stage}. ` +
        "Allow more time or send less load.",
      options,
    );
    this.stage = options.stage;
    this.waitedMs = options.waitedMs;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is DeadlineExceededError {
    return hasErrorCode(value, "DEADLINE_EXCEEDED");
  }
}
