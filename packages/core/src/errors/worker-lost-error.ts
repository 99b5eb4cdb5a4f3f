import { type ErrorCause, hasErrorCode, MlopsError } from "./mlops-error.ts";

/** The fields of a {@link WorkerLostError}. */
export interface WorkerLostErrorOptions extends ErrorCause {
  /** What became of the worker, as the end of a sentence. */
  readonly problem: string;
}

/** The worker that ran a request ended before it answered. Another one takes its place. */
export class WorkerLostError extends MlopsError {
  override readonly name: string = "WorkerLostError";
  readonly code = "WORKER_LOST";
  /** What became of the worker, as the end of a sentence. */
  readonly problem: string;

  constructor(options: WorkerLostErrorOptions) {
    super(`The worker that ran the model was lost: ${options.problem}.`, options);
    this.problem = options.problem;
  }

  /** Whether `value` is this error, from whichever copy of the package. */
  static override isInstance(value: unknown): value is WorkerLostError {
    return hasErrorCode(value, "WORKER_LOST");
  }
}
