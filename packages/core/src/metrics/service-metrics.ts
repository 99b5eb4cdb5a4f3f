import type { MetricsEvent, WatchablePredictor } from "./metrics-event.ts";
import type { OpenTelemetryMeter } from "./open-telemetry.ts";
import type { ServiceMetricsSnapshot } from "./snapshot.ts";

/** The version of a model that a mark is for. */
export interface MarkTarget {
  readonly model: string;
  readonly version: string;
}

/** Availability, latency, throughput and load of any number of predictors. */
export interface ServiceMetrics extends Disposable {
  /**
   * Watches a predictor: records its events, and looks at its health whenever the metrics are read.
   * A composition tells of its members' requests as one of its own: watch it or them, not both.
   *
   * @returns What ends the watch. What was recorded stays.
   * @throws UnsupportedError `UNSUPPORTED` after {@link ServiceMetrics.close}.
   */
  watch(predictor: WatchablePredictor): () => void;

  /**
   * Records a request that no watched predictor tells of. O(1), without I/O; nothing is kept of it but
   * numbers in the bounded window, sketches and histograms. After `close()` it does nothing.
   */
  record(event: MetricsEvent): void;

  /**
   * Says that a model's version, or without a target the whole service, is down, whatever the
   * health of its predictors is: an outage that only an outer probe sees.
   */
  markDown(target?: MarkTarget): void;

  /** Ends {@link ServiceMetrics.markDown}. What nobody watches is up from then on. */
  markUp(target?: MarkTarget): void;

  /**
   * Looks at the health of the watched predictors, now. Reading does it too; what is read seldom may
   * do it in between, since time-based availability takes what it saw to hold until the next look.
   */
  sampleHealth(): void;

  /**
   * Drops all that is known of a model's version, so that another has its place among `maxSeries`.
   *
   * @returns `false` when it is not known or is watched, and so is kept.
   */
  forget(target: MarkTarget): boolean;

  /** All that is known, as plain JSON. */
  snapshot(options?: SnapshotOptions): ServiceMetricsSnapshot;

  /** All that is known, in Prometheus' text exposition format 0.0.4 ({@link prometheusContentType}). */
  toPrometheus(): string;

  /**
   * Gives all that is known to OpenTelemetry: durations and batch sizes request by request, the rest
   * whenever the meter collects.
   *
   * @returns What ends it.
   * @throws UnsupportedError `UNSUPPORTED` after {@link ServiceMetrics.close}.
   */
  toOpenTelemetry(options: OpenTelemetryOptions): () => void;

  /** Ends all watches and measurements. What is known can still be read; availability stands still. */
  close(): void;
}

/** Options of {@link ServiceMetrics.snapshot}. */
export interface SnapshotOptions {
  /** Whether to include the sketches behind the percentiles over all time. Default false. */
  readonly sketches?: boolean | undefined;
}

/** Options of {@link ServiceMetrics.toOpenTelemetry}. */
export interface OpenTelemetryOptions {
  /** What `metrics.getMeter("your-service")` of `@opentelemetry/api` gives. */
  readonly meter: OpenTelemetryMeter;
}
