import { type Environment, systemEnvironment } from "../environment.ts";

/**
 * A clock that stands until it is moved, and timers and deferred calls that wait for it. Turns of
 * the event loop are the host's own.
 *
 * It begins at 1,700,000,000,000 ms, in November 2023.
 *
 * @example
 * ```ts
 * const environment = new FakeEnvironment();
 * const predictor = await createPredictor({ model, backend, environment, warmup: false });
 * environment.advance(200); // what takes longer than 200 ms is late now
 * ```
 */
export class FakeEnvironment implements Environment {
  #now = 1_700_000_000_000;
  readonly #timers = new Set<{ readonly dueAt: number; readonly callback: () => void }>();
  #deferred: (() => void)[] = [];

  /** How many timers are set. */
  get timerCount(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  /** A delay that is too long for a host's 32 bits comes early, as it does on `systemEnvironment`. */
  setTimer(callback: () => void, delayMs: number): () => void {
    const timer = { dueAt: this.#now + Math.min(delayMs, 2 ** 31 - 1), callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  endOfTurn(callback: () => void): void {
    systemEnvironment.endOfTurn(callback);
  }

  nextTurn(callback: () => void): void {
    systemEnvironment.nextTurn(callback);
  }

  defer(callback: () => void): void {
    this.#deferred.push(callback);
  }

  /** Moves the clock, and calls on the way what is due, in the order in which it is. */
  advance(byMs: number): void {
    const end = this.#now + byMs;
    for (;;) {
      const [next] = [...this.#timers]
        .filter(({ dueAt }) => dueAt <= end)
        .toSorted((a, b) => a.dueAt - b.dueAt);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.dueAt);
      next.callback();
    }
    this.#now = end;
  }

  /** Moves the clock without calling anybody, as computing on this thread does; what is due comes late, at the next `advance`. */
  block(forMs: number): void {
    this.#now += forMs;
  }

  /** Calls what was deferred, and what that defers. */
  runDeferred(): void {
    while (this.#deferred.length > 0) {
      const callbacks = this.#deferred;
      this.#deferred = [];
      for (const callback of callbacks) callback();
    }
  }
}

/** Resolves once every promise that can settle by itself has, without a timer or the outside. */
export async function settled(): Promise<void> {
  // A run that ends wakes its caller, who asks again, which is dispatched a turn later.
  for (let turn = 0; turn < 4; turn += 1) {
    await new Promise<void>((resolve) => systemEnvironment.nextTurn(resolve));
  }
}
