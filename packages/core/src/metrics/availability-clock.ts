/** Whether something takes requests; `unknown` time is counted neither way. */
export type AvailabilityState = "up" | "down" | "unknown";

/** The time-based form of the paper's equation A, `A = T_up / T` with `T = T_up + T_down`. */
export interface TimeAvailability {
  /** `A`, in [0, 1]; `null` while `T` is 0: nothing was measured yet. */
  readonly ratio: number | null;
  /** `T_up` in milliseconds. */
  readonly upMs: number;
  /** `T_down` in milliseconds. */
  readonly downMs: number;
  /** How often it went from up to down. `downMs / outages` is the mean time to repair. */
  readonly outages: number;
  /** How it was when it was last looked at. */
  readonly state: AvailabilityState;
}

/**
 * Adds up how long something was up and down, in constant memory. What it is told holds until it
 * is told something else.
 *
 * @example
 * ```ts
 * const clock = new AvailabilityClock();
 * clock.set("up", 0);
 * clock.set("down", 9_000);
 * clock.read(10_000); // { ratio: 0.9, upMs: 9000, downMs: 1000, outages: 1, state: "down" }
 * ```
 */
export class AvailabilityClock {
  #state: AvailabilityState = "unknown";
  #since = 0;
  #upMs = 0;
  #downMs = 0;
  #outages = 0;

  /** From `now`, in milliseconds, on it is in `state`. */
  set(state: AvailabilityState, now: number): void {
    this.#advance(now);
    if (this.#state === "up" && state === "down") this.#outages += 1;
    this.#state = state;
  }

  read(now: number): TimeAvailability {
    this.#advance(now);
    const measuredMs = this.#upMs + this.#downMs;
    return {
      ratio: measuredMs === 0 ? null : this.#upMs / measuredMs,
      upMs: this.#upMs,
      downMs: this.#downMs,
      outages: this.#outages,
      state: this.#state,
    };
  }

  #advance(now: number): void {
    // A clock that goes backwards adds nothing.
    const elapsedMs = Math.max(now - this.#since, 0);
    if (this.#state === "up") this.#upMs += elapsedMs;
    if (this.#state === "down") this.#downMs += elapsedMs;
    this.#since = Math.max(now, this.#since);
  }
}
