import { type ErrorCause, hasErrorCode, MlopsError } from "./mlops-error.ts";

/** Why a request was refused. */
export type OverloadReason = "queue-full" | "deadline" | "sessions-full";

/** The fields of an {@link OverloadedError}. */
export interface OverloadedErrorOptions extends ErrorCause {
  /** The name of the model. */
  readonly model: string;
  /**
   * Whether the queue is full, the request would not be answered before its deadline, or there is no
   * room for the state of another session.
   */
  readonly reason: OverloadReason;
  /** Milliseconds after which what waits now is expected to be done. */
  readonly retryAfterMs: number;
}

/**
 * A request was refused, because it could not be answered in time: at once, or while it waited, as
 * soon as that was certain. Nothing was run for it. It records no stack, so that refusing costs little.
 */
export class OverloadedError extends MlopsError {
  override readonly name: string = "OverloadedError";
  readonly code = "OVERLOADED";
  /** The name of the model. */
  readonly model: string;
  /**
   * Whether the queue is full, the request would not be answered before its deadline, or there is no
   * room for the state of another session.
   */
  readonly reason: OverloadReason;
  /** Milliseconds after which what waits now is expected to be done. */
  readonly retryAfterMs: number;

  constructor(options: OverloadedErrorOptions) {
    super(describe(options), options);
    this.model = options.model;
    this.reason = options.reason;
    this.retryAfterMs = options.retryAfterMs;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is OverloadedError {
    return hasErrorCode(value, "OVERLOADED");
  }
}

function describe({ model, reason, retryAfterMs }: OverloadedErrorOptions): string {
  const why = problems[reason];
  return `The model ${JSON.stringify(model)} is overloaded: ${why}. Try again in ${Math.ceil(retryAfterMs)} ms.`;
}

const problems: Readonly<Record<OverloadReason, string>> = {
  "queue-full": "its queue is full",
  deadline: "the deadline would pass before its turn",
  "sessions-full": "it has as many sessions as it may keep",
};
