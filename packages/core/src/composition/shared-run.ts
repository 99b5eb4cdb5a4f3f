import { AbortedError } from "../errors/aborted-error.ts";

/** One run for several callers. It is aborted once all of them have left. */
export class SharedRun<Value> {
  /** Its outcome, whoever is still there. */
  readonly outcome: Promise<Value>;
  readonly #controller = new AbortController();
  readonly #onAbandoned: () => void;
  readonly #stage: AbortedError["stage"];
  #callers = 0;

  /**
   * @param onAbandoned - Called when the last caller has left, before the run is aborted.
   * @param stage - What callers who leave are told.
   */
  constructor(
    run: (signal: AbortSignal) => Promise<Value>,
    onAbandoned: () => void,
    stage: AbortedError["stage"] = "running",
  ) {
    this.#onAbandoned = onAbandoned;
    this.#stage = stage;
    this.outcome = run(this.#controller.signal);
    // Each caller hears of it; when none is left, nobody has to.
    this.outcome.catch(() => {});
  }

  /** Waits for the outcome until `signal` aborts. */
  async join(signal: AbortSignal | undefined): Promise<Value> {
    this.#callers += 1;
    let leave = (): void => {};
    try {
      return await new Promise<Value>((resolve, reject) => {
        leave = () => {
          const error = new AbortedError({ stage: this.#stage, cause: signal?.reason });
          reject(error);
          this.#callers -= 1;
          if (this.#callers > 0) return;
          this.#onAbandoned();
          this.#controller.abort(error);
        };
        if (signal?.aborted) return leave();
        signal?.addEventListener("abort", leave, { once: true });
        this.outcome.then(resolve, reject);
      });
    } finally {
      signal?.removeEventListener("abort", leave);
    }
  }
}
