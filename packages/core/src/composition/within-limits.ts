import type { Environment } from "../environment.ts";
import { AbortedError } from "../errors/aborted-error.ts";
import { DeadlineExceededError } from "../errors/deadline-exceeded-error.ts";
import type { PredictOptions } from "../predictor/predictor.ts";
import { linkedController } from "./linked-controller.ts";

/**
 * Runs `work` for as long as its caller wants it: until the signal aborts or the deadline passes.
 *
 * `work` gets a signal that aborts in both cases. It may answer with a better error of its own, as
 * it knows where it was; one that does not answer then is left behind, and its result is dropped.
 *
 * @throws AbortedError `ABORTED` and DeadlineExceededError `DEADLINE_EXCEEDED`; what `work` throws.
 */
export async function withinLimits<Answer, Options extends PredictOptions>(
  work: (options: Options) => Promise<Answer>,
  options: Options,
  environment: Environment,
): Promise<Answer> {
  const { signal, deadline = Infinity } = options;
  if (signal === undefined && deadline === Infinity) return work(options);
  if (signal?.aborted) throw new AbortedError({ stage: "queued", cause: signal.reason });
  const startedAt = environment.now();
  const waitedMs = Math.max(deadline - startedAt, 0);
  if (waitedMs === 0) throw new DeadlineExceededError({ stage: "queued", waitedMs });

  const { controller, unlink } = linkedController(signal);
  let isSettled = false;
  let cancelTimer: (() => void) | undefined;
  let onAbort: (() => void) | undefined;
  try {
    return await new Promise<Answer>((resolve, reject) => {
      // A turn later, so that the work's own error comes first if it has one.
      const giveUp = (error: AbortedError | DeadlineExceededError): void =>
        environment.nextTurn(() => {
          if (isSettled) return;
          reject(error);
          controller.abort(error);
        });
      onAbort = () => giveUp(new AbortedError({ stage: "running", cause: signal?.reason }));
      signal?.addEventListener("abort", onAbort, { once: true });
      const checkDeadline = (): void => {
        const remainingMs = deadline - environment.now();
        // A host may fire early, or split a long delay.
        if (remainingMs > 0) cancelTimer = environment.setTimer(checkDeadline, remainingMs);
        else giveUp(new DeadlineExceededError({ stage: "running", waitedMs }));
      };
      if (deadline !== Infinity) cancelTimer = environment.setTimer(checkDeadline, waitedMs);
      work({ ...options, signal: controller.signal }).then(resolve, reject);
    });
  } finally {
    isSettled = true;
    cancelTimer?.();
    if (onAbort !== undefined) signal?.removeEventListener("abort", onAbort);
    unlink();
  }
}
