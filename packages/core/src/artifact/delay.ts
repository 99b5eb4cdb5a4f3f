import type { Environment } from "../environment.ts";
import { AbortedError } from "../errors/aborted-error.ts";

/** Waits, or throws as soon as the signal aborts. */
export async function delay(
  ms: number,
  environment: Environment,
  signal: AbortSignal | undefined,
): Promise<void> {
  let cancel = (): void => {};
  let onAbort = (): void => {};
  try {
    await new Promise<void>((resolve, reject) => {
      onAbort = () => reject(new AbortedError({ stage: "loading", cause: signal?.reason }));
      if (signal?.aborted) return onAbort();
      signal?.addEventListener("abort", onAbort, { once: true });
      cancel = environment.setTimer(resolve, ms);
    });
  } finally {
    cancel();
    signal?.removeEventListener("abort", onAbort);
  }
}
