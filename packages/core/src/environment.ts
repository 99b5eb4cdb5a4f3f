/**
 * The clock and the timers that everything in this library uses, so that a test can hold them.
 */
export interface Environment {
  /** Milliseconds since the Unix epoch, with fractions, never going backwards. */
  now(): number;
  /** Calls `callback` once after `delayMs` milliseconds. Returns what cancels it. */
  setTimer(callback: () => void, delayMs: number): () => void;
  /** Calls `callback` once everything has run that this turn of the event loop has woken up. */
  endOfTurn(callback: () => void): void;
  /** Calls `callback` in the next turn of the event loop, after it has polled for I/O. */
  nextTurn(callback: () => void): void;
  /** Calls `callback` soon, after everything that is waiting for an answer has had it. */
  defer(callback: () => void): void;
}

/** What Node has, and browsers do not. */
interface HostGlobals {
  readonly process?: { readonly nextTick?: (callback: () => void) => void };
  readonly setImmediate?: (callback: () => void) => unknown;
}

/** The host's own clock and timers. */
export const systemEnvironment: Environment = Object.freeze({
  now: () => performance.timeOrigin + performance.now(),
  setTimer(callback: () => void, delayMs: number) {
    const timer = setTimeout(callback, Math.min(delayMs, longestTimerMs));
    return () => clearTimeout(timer);
  },
  endOfTurn(callback: () => void) {
    const { process } = globalThis as HostGlobals;
    if (process?.nextTick === undefined) queueMicrotask(callback);
    else process.nextTick(callback);
  },
  nextTurn(callback: () => void) {
    const { setImmediate } = globalThis as HostGlobals;
    if (setImmediate === undefined) setTimeout(callback, 0);
    else setImmediate(callback);
  },
  defer(callback: () => void) {
    setTimeout(callback, 0);
  },
});

// Hosts keep a timer's delay in 32 bits and fire at once when it is larger.
const longestTimerMs = 2 ** 31 - 1;
