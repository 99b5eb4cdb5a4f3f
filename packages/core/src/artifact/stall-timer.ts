import { describeCause } from "./describe-cause.ts";
import { DownloadFailure } from "./download-failure.ts";
import type { DownloadSettings } from "./download-options.ts";

/** Counts the time without a byte. */
export interface StallTimer {
  readonly hasFired: boolean;
  readonly timeoutMs: number;
  restart(): void;
  cancel(): void;
}

/** Aborts a request that has brought nothing for `stallTimeoutMs`. */
export function stallTimer(
  { environment, stallTimeoutMs }: DownloadSettings,
  controller: AbortController,
): StallTimer {
  let hasFired = false;
  const fire = (): void => {
    hasFired = true;
    controller.abort();
  };
  let cancel = environment.setTimer(fire, stallTimeoutMs);
  return {
    get hasFired() {
      return hasFired;
    },
    timeoutMs: stallTimeoutMs,
    restart() {
      cancel();
      cancel = environment.setTimer(fire, stallTimeoutMs);
    },
    cancel: () => cancel(),
  };
}

/** Runs a part of `fetch`, whose errors all mean that the connection failed. */
export async function asFailure<Value>(run: () => Promise<Value>, stalled: StallTimer): Promise<Value> {
  try {
    return await run();
  } catch (cause) {
    const problem = stalled.hasFired
      ? `nothing came for ${stalled.timeoutMs} ms; check the connection, or raise \`stallTimeoutMs\``
      : describeCause(cause);
    throw new DownloadFailure({ reason: "network", problem, cause });
  }
}
