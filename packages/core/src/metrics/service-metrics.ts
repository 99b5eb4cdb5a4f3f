import { UnsupportedError } from "../errors/unsupported-error.ts";
import { EventLoopDelayMonitor } from "./event-loop-delay.ts";
import type { MetricsEvent, WatchablePredictor } from "./metrics-event.ts";
import type { ModelSeries } from "./model-series.ts";
import { attachOpenTelemetry, type OpenTelemetryBridge, type OpenTelemetryMeter } from "./open-telemetry.ts";
import { prometheusText } from "./prometheus-text.ts";
import { requestAvailability, SeriesReader, sum, summedThroughput, throughput } from "./series-reader.ts";
import { SeriesTable } from "./series-table.ts";
import {
  checkServiceMetricsOptions,
  type ServiceMetricsOptions,
  type ServiceMetricsSettings,
} from "./service-metrics-options.ts";
import type {
  AvailabilitySnapshot,
  ModelSnapshot,
  ServiceMetricsSnapshot,
  ServiceSnapshot,
} from "./snapshot.ts";
import { unwatchedHealth, WatchedPredictors } from "./watched-predictors.ts";

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

/**
 * Watches predictors, and says how available and how fast they are (equations A, B and C):
 *
 * - Availability by time, `A = T_up / T`, and by requests, `A = successes / (successes + faults)`,
 *   where a fault is an error that `errorCodes` lays on the operator or the model's author.
 * - Latency percentiles of successes, `L₍⌈p·N/100⌉₎` of the sorted latencies: exact over a window
 *   of the last requests, and within 1 % over all time.
 * - Throughput, `X = N/Δt`. Since the start, `Δt` runs from the first watch or request of the
 *   model's version to now. Over the window it runs from the latest of `windowMs` ago, that start,
 *   and the recording of the newest request that `windowRequests` has crowded out.
 *
 * A request belongs to the time at which it is recorded. Memory is bounded, whatever the traffic:
 * at most `maxSeries + 1` times 48 bytes for each of `windowRequests` and about 70 KB.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` for an option out of its range.
 *
 * @example
 * ```ts
 * using metrics = createServiceMetrics();
 * for (const totalMs of [12, 15, 11, 80]) {
 *   metrics.record({ model: "price", version: "1", outcome: "success", totalMs, queueMs: 1, runMs: 9, rows: 1 });
 * }
 * metrics.snapshot().models[0]?.latency.window.total.ms; // { p50: 12, p90: 80, p95: 80, p99: 80 }
 * ```
 */
export function createServiceMetrics(options: ServiceMetricsOptions = {}): ServiceMetrics {
  return new WindowedServiceMetrics(checkServiceMetricsOptions(options));
}

class WindowedServiceMetrics implements ServiceMetrics {
  readonly #settings: ServiceMetricsSettings;
  readonly #environment: ServiceMetricsSettings["environment"];
  readonly #table: SeriesTable;
  readonly #watched: WatchedPredictors;
  readonly #startedAt: number;
  readonly #bridges: OpenTelemetryBridge[] = [];
  #eventLoopDelay: EventLoopDelayMonitor | undefined;
  #closedAt: number | undefined;

  constructor(settings: ServiceMetricsSettings) {
    this.#settings = settings;
    this.#environment = settings.environment;
    this.#table = new SeriesTable(settings);
    this.#watched = new WatchedPredictors(settings);
    this.#startedAt = settings.environment.now();
  }

  watch(predictor: WatchablePredictor): () => void {
    this.#assertOpen("Watching a predictor");
    const series = this.#table.get(predictor.info.model, predictor.info.version);
    this.#watched.watch(predictor, series, (event) => this.record(event));
    this.sampleHealth();
    this.#measureEventLoop(this.#environment.now());
    let isWatching = true;
    return () => {
      if (!isWatching || this.#closedAt !== undefined) return;
      isWatching = false;
      // What its observers threw until now still counts.
      this.sampleHealth();
      this.#watched.unwatch(predictor);
      this.sampleHealth();
    };
  }

  record(event: MetricsEvent): void {
    if (this.#closedAt !== undefined) return;
    const series = this.#table.get(event.model, event.version);
    const isValid = series.record(event, this.#environment.now());
    if (!isValid) return;
    for (let index = 0; index < this.#bridges.length; index++) this.#bridges[index]!.record(event, series);
  }

  markDown(target?: MarkTarget): void {
    this.#mark(target, "down");
  }

  markUp(target?: MarkTarget): void {
    this.#mark(target, "up");
  }

  sampleHealth(): void {
    if (this.#closedAt === undefined) this.#watched.sample(this.#table.all, this.#environment.now());
  }

  forget({ model, version }: MarkTarget): boolean {
    const series = this.#table.all.find((one) => one.model === model && one.version === version);
    if (series === undefined || this.#watched.isWatched(series)) return false;
    this.#table.delete(series);
    return true;
  }

  snapshot({ sketches = false }: SnapshotOptions = {}): ServiceMetricsSnapshot {
    const now = this.#closedAt ?? this.#environment.now();
    const healthBySeries = this.#watched.sample(this.#table.all, now);
    const reader = new SeriesReader(this.#settings, this.#table.outcomes.all, now, sketches);
    const models = this.#table.all.map((series) =>
      reader.read(series, healthBySeries.get(series) ?? unwatchedHealth),
    );
    const { percentiles, windowRequests, windowMs } = this.#settings;
    return {
      takenAt: now,
      startedAt: this.#startedAt,
      percentiles,
      window: { requests: windowRequests, ms: windowMs === Infinity ? null : windowMs },
      service: this.#readService(models, now),
      models,
      eventLoopDelay: this.#measureEventLoop(now)?.read(now) ?? null,
    };
  }

  toPrometheus(): string {
    return prometheusText(this.snapshot());
  }

  toOpenTelemetry({ meter }: OpenTelemetryOptions): () => void {
    this.#assertOpen("Giving metrics to OpenTelemetry");
    const bridge = attachOpenTelemetry(meter, this.#settings, () => this.snapshot());
    this.#bridges.push(bridge);
    return () => {
      const index = this.#bridges.indexOf(bridge);
      if (index === -1) return;
      this.#bridges.splice(index, 1);
      bridge.detach();
    };
  }

  close(): void {
    if (this.#closedAt !== undefined) return;
    const now = this.#environment.now();
    this.#watched.sample(this.#table.all, now);
    this.#watched.unwatchAll();
    for (const bridge of this.#bridges.splice(0)) bridge.detach();
    this.#eventLoopDelay?.stop();
    this.#closedAt = now;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #mark(target: MarkTarget | undefined, mark: "up" | "down"): void {
    if (this.#closedAt !== undefined) return;
    const marked: { mark: ModelSeries["mark"] } =
      target === undefined ? this.#watched : this.#table.get(target.model, target.version);
    marked.mark = mark;
    this.sampleHealth();
  }

  #readService(models: readonly ModelSnapshot[], now: number): ServiceSnapshot {
    const total = (read: (model: ModelSnapshot) => number): number => sum(models.map(read));
    const requestForm = (read: (one: AvailabilitySnapshot) => AvailabilitySnapshot["requests"]) =>
      requestAvailability(
        total(({ availability }) => read(availability).successes),
        total(({ availability }) => read(availability).faults),
        total(({ availability }) => read(availability).excluded),
      );
    const requests = total((model) => model.requests);
    const [successes, rows] = [total((model) => model.successes), total((model) => model.rows)];
    return {
      availability: {
        time: this.#watched.availability.read(now),
        requests: requestForm((one) => one.requests),
        windowRequests: requestForm((one) => one.windowRequests),
      },
      throughput: {
        window: summedThroughput(models.map((model) => model.throughput.window)),
        sinceStart: throughput(now - this.#startedAt, requests, successes, rows),
      },
      requests,
      queued: total((model) => model.queued),
      running: total((model) => model.running),
    };
  }

  /** Begins at the first watch or reading, and not at all once closed. */
  #measureEventLoop(now: number): EventLoopDelayMonitor | undefined {
    if (this.#settings.eventLoopDelay && this.#closedAt === undefined)
      this.#eventLoopDelay ??= EventLoopDelayMonitor.start(this.#settings.windowMs, now);
    return this.#eventLoopDelay;
  }

  #assertOpen(feature: string): void {
    if (this.#closedAt === undefined) return;
    throw new UnsupportedError({
      feature: `${feature} after close()`,
      remedy: "Create other metrics, or close these ones later.",
    });
  }
}
