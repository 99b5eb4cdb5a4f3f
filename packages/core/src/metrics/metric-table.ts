import type { HistogramSnapshot } from "./histogram.ts";
import type { ObserverCountsSnapshot } from "./observer-totals.ts";
import type { ModelSnapshot, Percentiles, ServiceMetricsSnapshot } from "./snapshot.ts";

/** What a value is of. The names are Prometheus' labels; OpenTelemetry's are in {@link attributeNames}. */
export type MetricLabels = { readonly [Name in LabelName]?: string };

/** The labels there are. Keys of requests are none, since there may be any number of them. */
export type LabelName = "model" | "version" | "outcome" | "code" | "observer";

/** One value of a metric. */
interface MetricPoint<Value> {
  readonly labels: MetricLabels;
  readonly value: Value;
}

/** What Prometheus calls a summary: percentiles of the window, and all values there ever were. */
export interface SummaryValue {
  /** Seconds by percentile, NaN for none. */
  readonly seconds: readonly (readonly [percentile: number, seconds: number])[];
  readonly sum: number;
  readonly count: number;
}

interface MetricBase {
  /** Its name in Prometheus, with unit and suffix. */
  readonly name: string;
  readonly help: string;
}

/** One metric: its names, and where its values are in a snapshot. */
export type Metric =
  | (MetricBase & {
      readonly type: "counter" | "gauge";
      /** Its name in OpenTelemetry. */
      readonly openTelemetryName: string;
      /** In UCUM, as OpenTelemetry has it. */
      readonly unit: string;
      readonly points: (snapshot: ServiceMetricsSnapshot) => readonly MetricPoint<number>[];
    })
  | (MetricBase & {
      readonly type: "histogram";
      readonly points: (snapshot: ServiceMetricsSnapshot) => readonly MetricPoint<HistogramSnapshot>[];
    })
  | (MetricBase & {
      readonly type: "summary";
      readonly points: (snapshot: ServiceMetricsSnapshot) => readonly MetricPoint<SummaryValue>[];
    });

/** OpenTelemetry's names of the labels; an error's is that of its semantic conventions. */
export const attributeNames: { readonly [Name in LabelName]: string } = Object.freeze({
  model: "mlops.model.name",
  version: "mlops.model.version",
  outcome: "mlops.outcome",
  code: "error.type",
  observer: "mlops.observer.name",
});

/** Every metric that Prometheus is given. OpenTelemetry has the counters and gauges of it. */
export const metricTable: readonly Metric[] = [
  {
    name: "mlops_predictions_total",
    openTelemetryName: "mlops.predictions",
    unit: "{prediction}",
    type: "counter",
    help: "Predictions that ended, by outcome (success or failure) and the failure's error code.",
    points: ({ models }) => models.flatMap(predictionPoints),
  },
  {
    name: "mlops_prediction_duration_seconds",
    type: "histogram",
    help: "Time from a request to its answer, by outcome.",
    points: ({ models }) =>
      models.flatMap((model) => [
        { labels: labelsOf(model, { outcome: "success" }), value: model.histograms.successSeconds },
        { labels: labelsOf(model, { outcome: "failure" }), value: model.histograms.failureSeconds },
      ]),
  },
  {
    name: "mlops_prediction_queue_duration_seconds",
    type: "histogram",
    help: "Time that successful predictions waited to run.",
    points: ofEachModel(({ histograms }) => histograms.queueSeconds),
  },
  {
    name: "mlops_prediction_run_duration_seconds",
    type: "histogram",
    help: "Time of the run that successful predictions were in.",
    points: ofEachModel(({ histograms }) => histograms.runSeconds),
  },
  {
    name: "mlops_prediction_window_duration_seconds",
    type: "summary",
    help: "Time from a request to its answer: nearest-rank quantiles of the successes of the last requests.",
    points: ofEachModel(({ latency, histograms }) => {
      const { sum, count } = histograms.successSeconds;
      return { seconds: inSeconds(latency.window.total), sum, count };
    }),
  },
  {
    name: "mlops_prediction_batch_rows",
    type: "histogram",
    help: "Rows of the batch that a successful prediction ran in, one observation a prediction.",
    points: ofEachModel(({ histograms }) => histograms.batchRows),
  },
  {
    name: "mlops_prediction_rows_total",
    openTelemetryName: "mlops.prediction.rows",
    unit: "{row}",
    type: "counter",
    help: "Rows of successful predictions.",
    points: ofEachModel(({ rows }) => rows),
  },
  {
    name: "mlops_prediction_batches_total",
    openTelemetryName: "mlops.prediction.batches",
    unit: "{batch}",
    type: "counter",
    help: "Batches that ran: the sum of rows / rows of the batch over successful predictions.",
    points: ofEachModel(({ batches }) => batches),
  },
  {
    name: "mlops_predictions_queued",
    openTelemetryName: "mlops.predictions.queued",
    unit: "{prediction}",
    type: "gauge",
    help: "Predictions that wait to run.",
    points: ofEachModel(({ queued }) => queued),
  },
  {
    name: "mlops_predictions_running",
    openTelemetryName: "mlops.predictions.running",
    unit: "{prediction}",
    type: "gauge",
    help: "Predictions that are running.",
    points: ofEachModel(({ running }) => running),
  },
  {
    name: "mlops_model_up",
    openTelemetryName: "mlops.model.up",
    unit: "1",
    type: "gauge",
    help: "1 while a model's version takes requests, else 0. None for what is neither watched nor marked.",
    points: ({ models }) =>
      models.flatMap((model) => statePoints(model.availability.time.state, labelsOf(model))),
  },
  {
    name: "mlops_model_up_seconds_total",
    openTelemetryName: "mlops.model.up.time",
    unit: "s",
    type: "counter",
    help: "Time for which a model's version was up.",
    points: ofEachModel(({ availability }) => availability.time.upMs / 1000),
  },
  {
    name: "mlops_model_down_seconds_total",
    openTelemetryName: "mlops.model.down.time",
    unit: "s",
    type: "counter",
    help: "Time for which a model's version was down.",
    points: ofEachModel(({ availability }) => availability.time.downMs / 1000),
  },
  {
    name: "mlops_service_up",
    openTelemetryName: "mlops.service.up",
    unit: "1",
    type: "gauge",
    help: "1 while every model has a version that is up, else 0. None while nothing is watched or marked.",
    points: ({ service }) => statePoints(service.availability.time.state, {}),
  },
  {
    name: "mlops_service_up_seconds_total",
    openTelemetryName: "mlops.service.up.time",
    unit: "s",
    type: "counter",
    help: "Time for which the service was up.",
    points: ({ service }) => [{ labels: {}, value: service.availability.time.upMs / 1000 }],
  },
  {
    name: "mlops_service_down_seconds_total",
    openTelemetryName: "mlops.service.down.time",
    unit: "s",
    type: "counter",
    help: "Time for which the service was down.",
    points: ({ service }) => [{ labels: {}, value: service.availability.time.downMs / 1000 }],
  },
  {
    name: "mlops_observer_errors_total",
    openTelemetryName: "mlops.observer.errors",
    unit: "{error}",
    type: "counter",
    help: "Errors that observers of the watched predictors threw or rejected with, by observer.",
    points: ofEachObserver(({ errors }) => errors),
  },
  {
    name: "mlops_observer_drops_total",
    openTelemetryName: "mlops.observer.drops",
    unit: "{event}",
    type: "counter",
    help: "Predictions that observers of the watched predictors were too slow to hear of, by observer.",
    points: ofEachObserver(({ drops }) => drops),
  },
  {
    name: "mlops_invalid_measurements_total",
    openTelemetryName: "mlops.invalid_measurements",
    unit: "{prediction}",
    type: "counter",
    help: "Predictions whose times or rows were NaN, negative or above 2^53, and so are in no histogram.",
    points: ofEachModel(({ invalidMeasurements }) => invalidMeasurements),
  },
  {
    name: "mlops_event_loop_delay_p50_seconds",
    openTelemetryName: "mlops.event_loop.delay.p50",
    unit: "s",
    type: "gauge",
    help: "Median of how late the event loop was.",
    points: ({ eventLoopDelay }) => optionalPoint(eventLoopDelay?.p50Ms),
  },
  {
    name: "mlops_event_loop_delay_p99_seconds",
    openTelemetryName: "mlops.event_loop.delay.p99",
    unit: "s",
    type: "gauge",
    help: "99th percentile of how late the event loop was.",
    points: ({ eventLoopDelay }) => optionalPoint(eventLoopDelay?.p99Ms),
  },
  {
    name: "mlops_event_loop_delay_max_seconds",
    openTelemetryName: "mlops.event_loop.delay.max",
    unit: "s",
    type: "gauge",
    help: "The most that the event loop was late.",
    points: ({ eventLoopDelay }) => optionalPoint(eventLoopDelay?.maxMs),
  },
];

function ofEachModel<Value>(
  read: (model: ModelSnapshot) => Value,
): (snapshot: ServiceMetricsSnapshot) => MetricPoint<Value>[] {
  return ({ models }) => models.map((model) => ({ labels: labelsOf(model), value: read(model) }));
}

function ofEachObserver(
  read: (counts: ObserverCountsSnapshot) => number,
): (snapshot: ServiceMetricsSnapshot) => MetricPoint<number>[] {
  return ({ models }) =>
    models.flatMap((model) =>
      Object.entries(model.observers).map(([observer, counts]) => {
        return { labels: labelsOf(model, { observer }), value: read(counts) };
      }),
    );
}

function predictionPoints(model: ModelSnapshot): MetricPoint<number>[] {
  const failures = Object.entries(model.failures).map(([code, value]) => {
    return { labels: labelsOf(model, { outcome: "failure", code }), value };
  });
  return [{ labels: labelsOf(model, { outcome: "success" }), value: model.successes }, ...failures];
}

function statePoints(state: "up" | "down" | "unknown", labels: MetricLabels): MetricPoint<number>[] {
  return state === "unknown" ? [] : [{ labels, value: state === "up" ? 1 : 0 }];
}

function optionalPoint(milliseconds: number | undefined): MetricPoint<number>[] {
  return milliseconds === undefined ? [] : [{ labels: {}, value: milliseconds / 1000 }];
}

function labelsOf({ model, version }: ModelSnapshot, more: MetricLabels = {}): MetricLabels {
  return { model, version, ...more };
}

function inSeconds({ ms }: Percentiles): SummaryValue["seconds"] {
  return Object.entries(ms).map(([name, value]) => [
    Number(name.slice(1)),
    value === null ? NaN : value / 1000,
  ]);
}
