import { type Environment, systemEnvironment } from "../environment.ts";
import { AbortedError } from "../errors/aborted-error.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import type { MlopsError } from "../errors/mlops-error.ts";
import { OverloadedError } from "../errors/overloaded-error.ts";
import type { Predictor } from "../predictor/predictor.ts";
import type { CompositionOptions } from "./composition-options.ts";
import { findErrorCodeInfo, runAuthorCode, toTypedError } from "./typed-errors.ts";
import { wrapPredictor } from "./wrap-predictor.ts";

/** How long to wait before each further attempt. */
export interface Backoff {
  /** Milliseconds that the first wait is at most. Default 50. */
  readonly initialMs?: number | undefined;
  /** By how much the bound grows from one wait to the next, at least 1. Default 2. */
  readonly factor?: number | undefined;
  /** Milliseconds that no bound exceeds. Default 5000. */
  readonly maxMs?: number | undefined;
}

/** Options of {@link retrying}. */
export interface RetryingOptions extends CompositionOptions {
  /** How often the predictor is asked at most, the first time included. Default 3. */
  readonly attempts?: number | undefined;
  /**
   * The wait before attempt `n + 1` is drawn evenly from 0 to `min(maxMs, initialMs · factor^(n - 1))`
   * ("full jitter"), so that callers who failed together do not come back together. After an
   * `OVERLOADED` it starts from the error's `retryAfterMs` instead of 0.
   */
  readonly backoff?: Backoff | undefined;
  /** Whether to try again after an error. Default what `errorCodes` calls retryable. */
  readonly when?: ((error: MlopsError) => boolean | Promise<boolean>) | undefined;
  /** Gives numbers from 0 to below 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/**
 * Asks a predictor again when it failed with an error that may pass. It does not when the caller
 * has aborted, which ends a wait at once, or when the wait would outlast the deadline: then the
 * error comes at once. The error is that of the last attempt.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` when `attempts` or a member of `backoff` is out of range.
 */
export function retrying<Input, Output>(
  predictor: Predictor<Input, Output>,
  options: RetryingOptions = {},
): Predictor<Input, Output> {
  const { attempts = 3, backoff, when = isRetryable, random = Math.random, ...composition } = options;
  const { environment = systemEnvironment } = composition;
  const maxWaitMs = waitBounds(backoff);
  check("attempts", attempts, Number.isInteger(attempts) && attempts >= 1, "a whole number of at least 1");

  return wrapPredictor(predictor, {
    ...composition,
    async around(run, limits) {
      const { signal, deadline = Infinity } = limits;
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await run(limits);
        } catch (cause) {
          const error = toTypedError(cause, predictor.info.backend, signal);
          if (attempt >= attempts || signal?.aborted) throw error;
          if (!(await runAuthorCode(predictor.info.model, "when", () => when(error)))) throw error;
          const earliestMs = OverloadedError.isInstance(error) ? Math.max(0, error.retryAfterMs) : 0;
          const waitMs = earliestMs + random() * maxWaitMs(attempt);
          if (environment.now() + waitMs >= deadline) throw error;
          await wait(waitMs, signal, environment);
        }
      }
    },
  });
}

function isRetryable(error: MlopsError): boolean {
  return findErrorCodeInfo(error)?.retryable === true;
}

function waitBounds({ initialMs = 50, factor = 2, maxMs = 5_000 }: Backoff = {}): (
  attempt: number,
) => number {
  check("backoff.initialMs", initialMs, initialMs >= 0 && initialMs < Infinity, "finite and at least 0");
  check("backoff.factor", factor, factor >= 1 && factor < Infinity, "finite and at least 1");
  check("backoff.maxMs", maxMs, maxMs >= 0 && maxMs < Infinity, "finite and at least 0");
  // The power of a late attempt may be Infinity, which times an initial wait of 0 is NaN.
  return (attempt) => Math.min(maxMs, initialMs && initialMs * factor ** (attempt - 1));
}

function check(option: string, value: number, isAllowed: boolean, allowed: string): void {
  if (typeof value === "number" && isAllowed) return;
  throw new InvalidOptionsError({ option, problem: `is ${String(value)}; it has to be ${allowed}` });
}

/** Waits, or throws as soon as the signal aborts. */
async function wait(ms: number, signal: AbortSignal | undefined, environment: Environment): Promise<void> {
  const endsAt = environment.now() + ms;
  let cancel = (): void => {};
  let onAbort = (): void => {};
  try {
    await new Promise<void>((resolve, reject) => {
      onAbort = () => reject(new AbortedError({ stage: "queued", cause: signal?.reason }));
      if (signal?.aborted) return onAbort();
      signal?.addEventListener("abort", onAbort, { once: true });
      const wake = (): void => {
        const remainingMs = endsAt - environment.now();
        // A host may fire early, or split a long delay.
        if (remainingMs > 0) cancel = environment.setTimer(wake, remainingMs);
        else resolve();
      };
      wake();
    });
  } finally {
    cancel();
    signal?.removeEventListener("abort", onAbort);
  }
}
