import type { TimeAvailability } from "./availability-clock.ts";
import type { DDSketchJson } from "./dd-sketch-json.ts";
import type { EventLoopDelay } from "./event-loop-delay.ts";
import type { HistogramSnapshot } from "./histogram.ts";
import type { ObserverCountsSnapshot } from "./observer-totals.ts";

/** All that `createServiceMetrics` knows, as plain JSON. `null` stands for "not enough data". */
export interface ServiceMetricsSnapshot {
  /** When it was taken, in milliseconds since the Unix epoch. */
  readonly takenAt: number;
  /** When the metrics were created, in milliseconds since the Unix epoch. */
  readonly startedAt: number;
  /** The percentiles that are given. */
  readonly percentiles: readonly number[];
  /** What the window holds: so many requests of each model's version, and not longer than this. */
  readonly window: { readonly requests: number; /** `null`: any time. */ readonly ms: number | null };
  /** All models together. */
  readonly service: ServiceSnapshot;
  /** Each model's version, in the order in which they came. */
  readonly models: readonly ModelSnapshot[];
  /** `null` where the host cannot tell, and before the loop has turned. */
  readonly eventLoopDelay: EventLoopDelay | null;
}

/** All models together. */
export interface ServiceSnapshot {
  readonly availability: AvailabilitySnapshot;
  /** Over the window the sum of the models' throughputs; since the start all requests over its own Δt. */
  readonly throughput: ThroughputSnapshot;
  /** Requests that have ended. */
  readonly requests: number;
  /** Requests that wait to run, now. */
  readonly queued: number;
  /** Requests that are running, now. */
  readonly running: number;
}

/** One version of one model. */
export interface ModelSnapshot {
  readonly model: string;
  readonly version: string;
  readonly availability: AvailabilitySnapshot;
  readonly latency: LatencySnapshot;
  readonly throughput: ThroughputSnapshot;
  /** Requests that have ended. */
  readonly requests: number;
  /** How many of them had a result. */
  readonly successes: number;
  /** How many of them had an error, by its code. Codes that did not occur are left out. */
  readonly failures: Readonly<Record<string, number>>;
  /** The rows of the successes. */
  readonly rows: number;
  /**
   * Batches that ran, as far as successes tell: the sum of `rows / batchRows`, so that the requests
   * of one batch make one. `rows / batches` is the mean batch size.
   */
  readonly batches: number;
  /** Watched predictors. */
  readonly predictors: number;
  /** Requests that wait to run, now, in the watched predictors. */
  readonly queued: number;
  /** Requests that are running, now, in the watched predictors. */
  readonly running: number;
  /**
   * What the observers of its predictors threw, and what they were too slow to hear of, while they
   * were watched: by the observer's name.
   */
  readonly observers: Readonly<Record<string, ObserverCountsSnapshot>>;
  /** Requests whose times or rows were no such: NaN, negative or above 2⁵³. They count, their times do not. */
  readonly invalidMeasurements: number;
  /** What Prometheus and OpenTelemetry are given. */
  readonly histograms: HistogramsSnapshot;
}

/** Equation A, in both forms. */
export interface AvailabilitySnapshot {
  /** `A = T_up / T` since the first watch. */
  readonly time: TimeAvailability;
  /** `A = successes / (successes + faults)` since the start. */
  readonly requests: RequestAvailability;
  /** The same over the window. */
  readonly windowRequests: RequestAvailability;
}

/** The request-based form of equation A, `A = successes / (successes + faults)`. */
export interface RequestAvailability {
  /** `A`, in [0, 1]; `null` when there was no request that counts. */
  readonly ratio: number | null;
  readonly successes: number;
  /** Errors that `errorCodes` lays on the operator or the model's author, and those it lacks. */
  readonly faults: number;
  /** Errors that `errorCodes` lays on the caller. They do not count. */
  readonly excluded: number;
}

/** Equation B: percentiles of the durations of successes, in milliseconds; `null` for none. */
export interface LatencySnapshot {
  /** Of the window, exact: the value of the rank `⌈p·N/100⌉`. */
  readonly window: StagePercentiles;
  /** Since the start, within the relative accuracy of a `DDSketch`. */
  readonly allTime: StagePercentiles;
  /** How long failures took since the start, within the same accuracy. */
  readonly allTimeFailures: Percentiles;
  /** The sketches behind `allTime` and `allTimeFailures`, to be merged with those of other processes; only when asked for. */
  readonly sketches?: SketchesSnapshot;
}

/** The percentiles of each part of a request. */
export interface StagePercentiles {
  /** From the request to its answer. */
  readonly total: Percentiles;
  /** Waiting to run. */
  readonly queue: Percentiles;
  /** The run that it was in. */
  readonly run: Percentiles;
}

/** Percentiles in milliseconds. */
export interface Percentiles {
  /** How many values they are of. */
  readonly count: number;
  /** Milliseconds by percentile, such as `p95` and `p99.9`; `null` for no values. */
  readonly ms: Readonly<Record<`p${number}`, number | null>>;
}

/** The sketches of durations in milliseconds, for `DDSketch.fromJSON`. */
export interface SketchesSnapshot {
  readonly total: DDSketchJson;
  readonly queue: DDSketchJson;
  readonly run: DDSketchJson;
  readonly failures: DDSketchJson;
}

/** Equation C, `X = N/Δt`. */
export interface ThroughputSnapshot {
  readonly window: Throughput;
  readonly sinceStart: Throughput;
}

/** `X = N/Δt`; `null` while `Δt` is 0. */
export interface Throughput {
  /** Answers a second, results and errors alike. */
  readonly requestsPerSecond: number | null;
  /** Results a second. */
  readonly successesPerSecond: number | null;
  /** Rows of results a second. */
  readonly rowsPerSecond: number | null;
  /** `Δt` in milliseconds. */
  readonly overMs: number;
}

/** Histograms since the start. */
export interface HistogramsSnapshot {
  /** Seconds from the request to its answer, of successes. */
  readonly successSeconds: HistogramSnapshot;
  /** Seconds from the request to its error. */
  readonly failureSeconds: HistogramSnapshot;
  /** Seconds that successes waited. */
  readonly queueSeconds: HistogramSnapshot;
  /** Seconds of the runs of successes. */
  readonly runSeconds: HistogramSnapshot;
  /** Rows of the batch that a success ran in, one observation a request. */
  readonly batchRows: HistogramSnapshot;
}
