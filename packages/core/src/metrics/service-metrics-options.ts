import { type Environment, systemEnvironment } from "../environment.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import type { PredictorHealth } from "../predictor/predictor.ts";
import { DDSketch } from "./dd-sketch.ts";
import { assertBounds } from "./histogram.ts";
import { assertPercentile } from "./nearest-rank.ts";

/** Options of `createServiceMetrics`. */
export interface ServiceMetricsOptions {
  /** The latency percentiles to give, each in [0, 100]. Default 50, 90, 95 and 99. */
  readonly percentiles?: readonly number[] | undefined;
  /**
   * The window holds the last so many requests of a model's version, 48 bytes each. An integer in
   * [1, 10⁶]; default 2048. A reading sorts them: about 0.4 ms for 2048, on the calling thread.
   */
  readonly windowRequests?: number | undefined;
  /** The window holds the last so many milliseconds. Above 0; default 60,000. `Infinity` leaves it to `windowRequests`. */
  readonly windowMs?: number | undefined;
  /** Of the percentiles over all time, as a fraction: see `DDSketch`. Default 0.01. */
  readonly relativeAccuracy?: number | undefined;
  /** The upper bounds of the histograms of durations, in seconds. Default 16 from 100 µs to 10 s. */
  readonly durationBucketsSeconds?: readonly number[] | undefined;
  /** The upper bounds of the histogram of batch sizes, in rows. Default the powers of 2 to 1024. */
  readonly batchRowsBuckets?: readonly number[] | undefined;
  /**
   * How many versions of models have metrics of their own. Those that come later share the one of
   * model `other`, version `other`. An integer in [1, 10⁴]; default 64.
   */
  readonly maxSeries?: number | undefined;
  /** Whether a predictor is up. Default: its status is `ready`. */
  readonly isUp?: ((health: PredictorHealth) => boolean) | undefined;
  /** Whether to measure the event loop's delay, where the host can. Default true. */
  readonly eventLoopDelay?: boolean | undefined;
  /** The clock to use, for tests: that of the predictors. Default the host's. */
  readonly environment?: Pick<Environment, "now"> | undefined;
}

/** {@link ServiceMetricsOptions}, checked and complete. */
export interface ServiceMetricsSettings {
  readonly percentiles: readonly number[];
  readonly windowRequests: number;
  readonly windowMs: number;
  readonly relativeAccuracy: number;
  readonly durationBucketsSeconds: readonly number[];
  readonly batchRowsBuckets: readonly number[];
  readonly maxSeries: number;
  readonly isUp: (health: PredictorHealth) => boolean;
  readonly eventLoopDelay: boolean;
  readonly environment: Pick<Environment, "now">;
}

/** @throws InvalidOptionsError `INVALID_OPTIONS` for an option that it cannot have. */
export function checkServiceMetricsOptions(options: ServiceMetricsOptions): ServiceMetricsSettings {
  const settings: ServiceMetricsSettings = {
    percentiles: Object.freeze([...(options.percentiles ?? [50, 90, 95, 99])]),
    windowRequests: options.windowRequests ?? 2048,
    windowMs: options.windowMs ?? 60_000,
    relativeAccuracy: options.relativeAccuracy ?? 0.01,
    durationBucketsSeconds: Object.freeze([...(options.durationBucketsSeconds ?? defaultDurationBuckets)]),
    batchRowsBuckets: Object.freeze([...(options.batchRowsBuckets ?? defaultBatchRowsBuckets)]),
    maxSeries: options.maxSeries ?? 64,
    isUp: options.isUp ?? (({ status }) => status === "ready"),
    eventLoopDelay: options.eventLoopDelay ?? true,
    environment: options.environment ?? systemEnvironment,
  };
  for (const percentile of settings.percentiles) assertPercentile(percentile, "percentiles");
  assertInteger(settings.windowRequests, 1e6, "windowRequests");
  assertInteger(settings.maxSeries, 1e4, "maxSeries");
  if (!(settings.windowMs > 0)) {
    const problem = `is ${String(settings.windowMs)}; it has to be a number of milliseconds above 0`;
    throw new InvalidOptionsError({ option: "windowMs", problem });
  }
  // It checks its own options, and would else do so at the first request only.
  void new DDSketch({ relativeAccuracy: settings.relativeAccuracy });
  assertBounds(settings.durationBucketsSeconds, "durationBucketsSeconds");
  assertBounds(settings.batchRowsBuckets, "batchRowsBuckets");
  return Object.freeze(settings);
}

function assertInteger(value: unknown, most: number, option: string): void {
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most) return;
  throw new InvalidOptionsError({
    option,
    problem: `is ${String(value)}; it has to be an integer in [1, ${most}]`,
  });
}

const defaultDurationBuckets: readonly number[] = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];
const defaultBatchRowsBuckets: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
