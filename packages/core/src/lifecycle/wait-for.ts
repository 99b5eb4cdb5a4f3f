import type { Environment } from "../environment.ts";
import { AbortedError } from "../errors/aborted-error.ts";
import { DeadlineExceededError } from "../errors/deadline-exceeded-error.ts";

/** For how long somebody waits. */
export interface WaitLimits {
  readonly signal: AbortSignal | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly deadline: number | undefined;
}

/**
 * Waits for what `begin` begins, which goes on whoever leaves. For who has left already, nothing is begun.
 *
 * @throws AbortedError `ABORTED` and DeadlineExceededError `DEADLINE_EXCEEDED`; what it rejects with.
 */
export async function waitFor<Value>(
  begin: () => Promise<Value>,
  { signal, deadline }: WaitLimits,
  environment: Environment,
): Promise<Value> {
  if (signal === undefined && deadline === undefined) return begin();
  const startedAt = environment.now();
  let cancelTimer: (() => void) | undefined;
  let onAbort = (): void => {};
  try {
    return await new Promise<Value>((resolve, reject) => {
      onAbort = () => reject(new AbortedError({ stage: "queued", cause: signal?.reason }));
      if (signal?.aborted) return onAbort();
      signal?.addEventListener("abort", onAbort, { once: true });
      const checkDeadline = (): void => {
        const now = environment.now();
        const remainingMs = deadline! - now;
        if (remainingMs <= 0) {
          reject(new DeadlineExceededError({ stage: "queued", waitedMs: now - startedAt }));
        } else if (remainingMs < Infinity) {
          // A host may fire early, or split a long delay.
          cancelTimer = environment.setTimer(checkDeadline, remainingMs);
        }
      };
      if (deadline !== undefined) checkDeadline();
      if (deadline === undefined || deadline > startedAt) begin().then(resolve, reject);
    });
  } finally {
    cancelTimer?.();
    signal?.removeEventListener("abort", onAbort);
  }
}
