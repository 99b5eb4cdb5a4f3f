export { createServiceMetrics } from "./create-service-metrics.ts";
export type { MarkTarget, OpenTelemetryOptions, ServiceMetrics, SnapshotOptions } from "./service-metrics.ts";
export type { ServiceMetricsOptions } from "./service-metrics-options.ts";
export type { MetricsEvent, WatchablePredictor } from "./metrics-event.ts";

// What a snapshot holds
export type {
  AvailabilitySnapshot,
  HistogramsSnapshot,
  LatencySnapshot,
  ModelSnapshot,
  Percentiles,
  RequestAvailability,
  ServiceMetricsSnapshot,
  ServiceSnapshot,
  SketchesSnapshot,
  StagePercentiles,
  Throughput,
  ThroughputSnapshot,
} from "./snapshot.ts";
export type { AvailabilityState, TimeAvailability } from "./availability-clock.ts";
export type { EventLoopDelay } from "./event-loop-delay.ts";
export type { HistogramSnapshot } from "./histogram.ts";
export type { ObserverCountsSnapshot } from "./observer-totals.ts";

// Handing metrics on
export type { OpenTelemetryMeter } from "./open-telemetry.ts";
export { prometheusContentType } from "./prometheus-text.ts";
export { DDSketch, type DDSketchOptions } from "./dd-sketch.ts";
export type { DDSketchJson } from "./dd-sketch-json.ts";
