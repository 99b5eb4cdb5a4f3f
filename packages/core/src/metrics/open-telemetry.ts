import { attributeNames, type MetricLabels, metricTable } from "./metric-table.ts";
import type { MetricsEvent } from "./metrics-event.ts";
import { batchRowsOf, type ModelSeries } from "./model-series.ts";
import type { ServiceMetricsSettings } from "./service-metrics-options.ts";
import type { ServiceMetricsSnapshot } from "./snapshot.ts";

/**
 * The part of `Meter` of `@opentelemetry/api` that is used, so that the package is needed by those
 * only who have it anyway.
 */
export interface OpenTelemetryMeter {
  createHistogram(name: string, options?: OpenTelemetryMetricOptions): OpenTelemetryHistogram;
  createObservableCounter(name: string, options?: OpenTelemetryMetricOptions): OpenTelemetryObservable;
  createObservableGauge(name: string, options?: OpenTelemetryMetricOptions): OpenTelemetryObservable;
  addBatchObservableCallback(
    callback: (result: OpenTelemetryBatchResult) => void,
    observables: OpenTelemetryObservable[],
  ): void;
  removeBatchObservableCallback(
    callback: (result: OpenTelemetryBatchResult) => void,
    observables: OpenTelemetryObservable[],
  ): void;
}

/** The part of `MetricOptions` of `@opentelemetry/api` that is used. */
interface OpenTelemetryMetricOptions {
  description?: string;
  unit?: string;
  advice?: { explicitBucketBoundaries?: number[] };
}

/** The part of `Histogram` of `@opentelemetry/api` that is used. */
interface OpenTelemetryHistogram {
  record(value: number, attributes?: OpenTelemetryAttributes): void;
}

/** An `Observable` of `@opentelemetry/api`. It is only handed back, so nothing of it has to be known. */
type OpenTelemetryObservable = object;

/** The part of `BatchObservableResult` of `@opentelemetry/api` that is used. */
interface OpenTelemetryBatchResult {
  observe(metric: OpenTelemetryObservable, value: number, attributes?: OpenTelemetryAttributes): void;
}

/** What a value is of, in OpenTelemetry. */
interface OpenTelemetryAttributes {
  [name: string]: string;
}

/** What a meter is told by. */
export interface OpenTelemetryBridge {
  /** Records a request whose measurements are valid. */
  record(event: MetricsEvent, series: ModelSeries): void;
  detach(): void;
}

/**
 * Gives a meter the counters and gauges of {@link metricTable}, read when it collects, and the
 * histograms `mlops.prediction.duration`, `.queue.duration`, `.run.duration` and `.batch.rows`.
 */
export function attachOpenTelemetry(
  meter: OpenTelemetryMeter,
  settings: ServiceMetricsSettings,
  readSnapshot: () => ServiceMetricsSnapshot,
): OpenTelemetryBridge {
  const recordDurations = createHistograms(meter, settings);
  const attributesBySeries = new WeakMap<ModelSeries, SeriesAttributes>();
  const detach = observeTable(meter, readSnapshot);
  return {
    record(event, series) {
      let attributes = attributesBySeries.get(series);
      if (attributes === undefined)
        attributesBySeries.set(series, (attributes = new SeriesAttributes(series)));
      recordDurations(event, attributes);
    },
    detach,
  };
}

/** The attributes of a series, made once. */
class SeriesAttributes {
  readonly model: OpenTelemetryAttributes;
  readonly success: OpenTelemetryAttributes;
  readonly failure: OpenTelemetryAttributes;

  constructor({ model, version }: ModelSeries) {
    this.model = attributesOf({ model, version });
    this.success = attributesOf({ model, version, outcome: "success" });
    this.failure = attributesOf({ model, version, outcome: "failure" });
  }
}

function createHistograms(
  meter: OpenTelemetryMeter,
  { durationBucketsSeconds, batchRowsBuckets }: ServiceMetricsSettings,
): (event: MetricsEvent, attributes: SeriesAttributes) => void {
  const histogram = (name: string, unit: string, description: string, bounds: readonly number[]) =>
    meter.createHistogram(name, { unit, description, advice: { explicitBucketBoundaries: [...bounds] } });
  const seconds = (name: string, description: string): OpenTelemetryHistogram =>
    histogram(name, "s", description, durationBucketsSeconds);
  const total = seconds("mlops.prediction.duration", "Time from a request to its answer, by outcome.");
  const queue = seconds("mlops.prediction.queue.duration", "Time that successful predictions waited to run.");
  const run = seconds(
    "mlops.prediction.run.duration",
    "Time of the run that successful predictions were in.",
  );
  const description = "Rows of the batch that a successful prediction ran in, one observation a prediction.";
  const batchRows = histogram("mlops.prediction.batch.rows", "{row}", description, batchRowsBuckets);
  return (event, attributes) => {
    if (event.outcome !== "success") {
      total.record(event.totalMs / 1000, attributes.failure);
      return;
    }
    total.record(event.totalMs / 1000, attributes.success);
    if (event.queueMs !== undefined) queue.record(event.queueMs / 1000, attributes.model);
    run.record(event.runMs / 1000, attributes.model);
    const rowsOfBatch = batchRowsOf(event);
    if (rowsOfBatch > 0) batchRows.record(rowsOfBatch, attributes.model);
  };
}

function observeTable(meter: OpenTelemetryMeter, readSnapshot: () => ServiceMetricsSnapshot): () => void {
  const observed = metricTable.flatMap((metric) => {
    if (metric.type !== "counter" && metric.type !== "gauge") return [];
    const { openTelemetryName, unit, help: description, points } = metric;
    const options = { unit, description };
    const instrument =
      metric.type === "counter"
        ? meter.createObservableCounter(openTelemetryName, options)
        : meter.createObservableGauge(openTelemetryName, options);
    return [{ instrument, points }];
  });
  const instruments = observed.map(({ instrument }) => instrument);
  const observe = (result: OpenTelemetryBatchResult): void => {
    const snapshot = readSnapshot();
    for (const { instrument, points } of observed) {
      for (const { labels, value } of points(snapshot))
        result.observe(instrument, value, attributesOf(labels));
    }
  };
  meter.addBatchObservableCallback(observe, instruments);
  return () => meter.removeBatchObservableCallback(observe, instruments);
}

function attributesOf(labels: MetricLabels): OpenTelemetryAttributes {
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [attributeNames[name as keyof MetricLabels], value]),
  );
}
