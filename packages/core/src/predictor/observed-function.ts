import type { ObserverCounts } from "./observer-account.ts";

/** One observer, and the events that it has not got yet because it was slow. */
export class ObservedFunction<Event> {
  readonly #observer: (event: Event) => unknown;
  readonly #maxPending: number;
  readonly #counts: ObserverCounts;
  /** Oldest first. */
  #waiting: Event[] = [];
  /** Promises of this observer that have not settled. */
  #unsettled = 0;
  /** Milliseconds that it may take of this round. */
  #leftMs = 0;
  #hasEnded = false;

  constructor(observer: (event: Event) => unknown, maxPending: number, counts: ObserverCounts) {
    this.#observer = observer;
    this.#maxPending = maxPending;
    this.#counts = counts;
  }

  /** Whether events wait for it. */
  get isBehind(): boolean {
    return this.#waiting.length > 0;
  }

  /** Gives it time again, and tells it what it has missed. */
  beginRound(lapMs: () => number, budgetMs: number): void {
    this.#leftMs = budgetMs;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#counts.pending -= waiting.length;
    for (const event of waiting) this.tell(event, lapMs);
  }

  /**
   * Tells it of an event now, later when its time is used up, or never when it has too many.
   *
   * @param lapMs - Gives the milliseconds since it was called last, for any observer.
   */
  tell(event: Event, lapMs: () => number): void {
    if (this.#hasEnded) return;
    if (this.#waiting.length + this.#unsettled >= this.#maxPending) {
      this.#counts.drops += 1;
    } else if (this.#leftMs > 0) {
      this.#call(event);
      this.#leftMs -= lapMs();
    } else {
      this.#waiting.push(event);
      this.#counts.pending += 1;
    }
  }

  /** From now on it hears of nothing. Promises that have not settled still count. */
  end(): void {
    this.#hasEnded = true;
    this.#counts.observing -= 1;
    this.#counts.pending -= this.#waiting.length;
    this.#waiting = [];
  }

  #call(event: Event): void {
    try {
      const result = this.#observer(event);
      if (isThenable(result)) this.#await(result);
    } catch {
      this.#counts.errors += 1;
    }
  }

  /** An asynchronous function is an observer too, and its rejection must not go unhandled. */
  #await(promise: PromiseLike<unknown>): void {
    this.#count(1);
    Promise.resolve(promise).then(
      () => this.#count(-1),
      () => {
        this.#count(-1);
        this.#counts.errors += 1;
      },
    );
  }

  #count(unsettled: number): void {
    this.#unsettled += unsettled;
    this.#counts.pending += unsettled;
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
