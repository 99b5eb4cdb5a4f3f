import { ModelLoadError, type ModelLoadReason } from "../errors/model-load-error.ts";

/** What a {@link DownloadFailure} knows. */
interface DownloadFailureOptions {
  readonly reason: ModelLoadReason;
  /** What went wrong, and what to do, as the end of a sentence. */
  readonly problem: string;
  /** Milliseconds that the server asks to wait. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** One attempt at a download that failed. It stays inside of this folder. */
export class DownloadFailure extends Error {
  override readonly name: string = "DownloadFailure";
  readonly reason: ModelLoadReason;
  readonly retryAfterMs: number;

  constructor({ reason, problem, retryAfterMs = 0, cause }: DownloadFailureOptions) {
    super(problem, { cause });
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Whether another attempt may succeed: the server could not be asked, or broke off. It has not refused. */
export function isTransient(reason: ModelLoadReason | undefined): boolean {
  return reason === "network" || reason === "truncated" || reason === "server-error";
}

/** The failure of the last of so many attempts, as callers hear of it. */
export function toModelLoadError(
  location: string,
  { message, reason, cause }: DownloadFailure,
  attempts: number,
): ModelLoadError {
  const problem = message + (attempts > 1 ? ` (in ${attempts} attempts)` : "");
  return new ModelLoadError({ location, problem, reason, cause });
}
