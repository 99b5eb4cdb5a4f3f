import type { Warning } from "./warning.ts";

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
  /**
   * Hears of what is wrong where no caller is left to be told, such as a predictor that nobody
   * closed. The host's own environment passes it to Node's `process.emitWarning`; to hear of it
   * yourself, pass `{ ...systemEnvironment, warn }`. Absent: nobody hears of it.
   */
  warn?(warning: Warning): void;
  /**
   * Calls `callback` once some time after `target` has been collected, at best. Returns what
   * cancels it. Absent: nothing is noticed.
   */
  onCollected?(target: object, callback: () => void): () => void;
}

/** What Node has, and browsers do not. */
interface HostGlobals {
  readonly process?: {
    readonly nextTick?: (callback: () => void) => void;
    readonly emitWarning?: (message: string, options: { type: string; code: string }) => void;
  };
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
    if (setImmediate === undefined) postToSelf(callback);
    else setImmediate(callback);
  },
  defer(callback: () => void) {
    setTimeout(callback, 0);
  },
  warn({ type, message }: Warning) {
    const { process } = globalThis as HostGlobals;
    const code = type.replaceAll("-", "_").toUpperCase();
    process?.emitWarning?.(message, { type: "MlopsWarning", code });
  },
  onCollected(target: object, callback: () => void) {
    const token = {};
    collected.register(target, callback, token);
    return () => void collected.unregister(token);
  },
});

// Browsers hold a timer back: 4 ms when timers set each other, a second and more in a hidden tab.
function postToSelf(callback: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener("message", () => {
    port1.close();
    callback();
  });
  port1.start();
  port2.postMessage(undefined);
}

// The host calls back only for as long as its registry is held. It holds no target.
const collected = /* @__PURE__ */ new FinalizationRegistry((callback: () => void) => callback());

// Hosts keep a timer's delay in 32 bits and fire at once when it is larger.
const longestTimerMs = 2 ** 31 - 1;
