import { builtinModule } from "../worker/builtin-module.ts";

/** How late the event loop was. */
export interface EventLoopDelay {
  /** Milliseconds; half of the times it was at most this late. */
  readonly p50Ms: number;
  /** Milliseconds; 99 of 100 times it was at most this late. */
  readonly p99Ms: number;
  /** Milliseconds. */
  readonly maxMs: number;
  /** Milliseconds that the figures are of, up to now. */
  readonly overMs: number;
}

/**
 * How late the event loop comes to a timer of 10 ms, by Node's `monitorEventLoopDelay`, less those
 * 10 ms. It does not keep the process alive.
 *
 * The figures are of the last `windowMs` or more: two histograms are kept, of which the older one
 * is read and, once it is of `2 · windowMs`, emptied after it was read. However often and by how
 * many it is read, every delay is in some reading.
 */
export class EventLoopDelayMonitor {
  readonly #windowMs: number;
  #older: MeasuredPeriod;
  #newer: MeasuredPeriod;

  private constructor(create: CreateHistogram, windowMs: number, now: number) {
    this.#windowMs = windowMs;
    this.#older = { histogram: create({ resolution: resolutionMs }), startedAt: now };
    this.#newer = { histogram: create({ resolution: resolutionMs }), startedAt: now };
    this.#older.histogram.enable();
    this.#newer.histogram.enable();
  }

  /** Begins to measure, or gives `undefined` on a host that cannot: a browser. */
  static start(windowMs: number, now: number): EventLoopDelayMonitor | undefined {
    const hooks = builtinModule<Partial<PerformanceHooks>>("node:perf_hooks");
    if (hooks?.monitorEventLoopDelay === undefined) return undefined;
    try {
      return new EventLoopDelayMonitor(hooks.monitorEventLoopDelay, windowMs, now);
    } catch {
      // Other hosts have the name and throw that it is not implemented.
      return undefined;
    }
  }

  /** `undefined` until the loop has turned. */
  read(now: number): EventLoopDelay | undefined {
    const { histogram, startedAt } = this.#older;
    if (histogram.max === 0) return undefined;
    const delay: EventLoopDelay = {
      p50Ms: toDelayMs(histogram.percentile(50)),
      p99Ms: toDelayMs(histogram.percentile(99)),
      maxMs: toDelayMs(histogram.max),
      overMs: now - startedAt,
    };
    if (now - startedAt >= 2 * this.#windowMs) {
      histogram.reset();
      [this.#older, this.#newer] = [this.#newer, { histogram, startedAt: now }];
    }
    return delay;
  }

  stop(): void {
    this.#older.histogram.disable();
    this.#newer.histogram.disable();
  }
}

interface MeasuredPeriod {
  readonly histogram: IntervalHistogram;
  readonly startedAt: number;
}

/** The part of Node's `perf_hooks` that is used here. Times are in nanoseconds. */
interface PerformanceHooks {
  readonly monitorEventLoopDelay: CreateHistogram;
}

type CreateHistogram = (options: { readonly resolution: number }) => IntervalHistogram;

interface IntervalHistogram {
  readonly max: number;
  percentile(percentile: number): number;
  reset(): void;
  enable(): boolean;
  disable(): boolean;
}

const resolutionMs = 10;

function toDelayMs(nanoseconds: number): number {
  return Math.max(nanoseconds / 1e6 - resolutionMs, 0);
}
