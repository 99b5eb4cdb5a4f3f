/** A controller that aborts when a signal does, until it is unlinked. */
export interface LinkedController {
  readonly controller: AbortController;
  /** Lets go of the signal, which may live much longer than one request. */
  readonly unlink: () => void;
}

/** Makes a controller that is aborted with `signal`, for the same reason. */
export function linkedController(signal: AbortSignal | undefined): LinkedController {
  const controller = new AbortController();
  const forward = (): void => controller.abort(signal?.reason);
  if (signal?.aborted) forward();
  else signal?.addEventListener("abort", forward, { once: true });
  return { controller, unlink: () => signal?.removeEventListener("abort", forward) };
}
