import { UnsupportedError } from "../errors/unsupported-error.ts";
import { EventLoopDelayMonitor } from "./event-loop-delay.ts";
import type { MetricsEvent, WatchablePredictor } from "./metrics-event.ts";
import type { ModelSeries } from "./model-series.ts";
import { attachOpenTelemetry, type OpenTelemetryBridge } from "./open-telemetry.ts";
import { prometheusText } from "./prometheus-text.ts";
import { SeriesReader } from "./series-reader.ts";
import { SeriesTable } from "./series-table.ts";
import type { MarkTarget, OpenTelemetryOptions, ServiceMetrics, SnapshotOptions } from "./service-metrics.ts";
import type { ServiceMetricsSettings } from "./service-metrics-options.ts";
import { readService } from "./service-reader.ts";
import type { ServiceMetricsSnapshot } from "./snapshot.ts";
import { unwatchedHealth, WatchedPredictors } from "./watched-predictors.ts";

/** The metrics of a process: what it watches, what it has counted, and who reads it. */
export class WindowedServiceMetrics implements ServiceMetrics {
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
      service: readService(models, this.#watched.availability.read(now), now - this.#startedAt),
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
