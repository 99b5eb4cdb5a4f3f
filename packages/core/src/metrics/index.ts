export {
  createServiceMetrics,
  type MarkTarget,
  type OpenTelemetryOptions,
  type ServiceMetrics,
  type SnapshotOptions,
} from "./service-metrics.ts";
export type { ServiceMetricsOptions } from "./service-metrics-options.ts";
export type { MetricsEvent, WatchablePredictor } from "./metrics-event.ts";
export type * from "./snapshot.ts";
export type { OpenTelemetryBridge, OpenTelemetryMeter } from "./open-telemetry.ts";
export { prometheusContentType } from "./prometheus-text.ts";
export { DDSketch, type DDSketchOptions } from "./dd-sketch.ts";
export type { DDSketchJson } from "./dd-sketch-json.ts";
