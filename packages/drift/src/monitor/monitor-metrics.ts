import { driftStatuses } from "../verdict/drift-status.ts";
import type { MonitorHealth } from "./monitor-health.ts";
import type { MonitorVerdict } from "./monitor-verdict.ts";

/** One sample for Prometheus, OpenTelemetry or a log. */
export interface DriftMetric {
  readonly name: string;
  readonly type: "gauge" | "counter";
  /** What it means, for the metric's description. */
  readonly help: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The latest verdict and the counters as a flat list; three to eleven samples for each column. */
export function describeMetrics(verdict: MonitorVerdict, health: MonitorHealth): DriftMetric[] {
  const metrics: DriftMetric[] = [
    counter("mlops_drift_rows_total", "Rows counted.", {}, health.rows),
    counter("mlops_drift_dropped_rows_total", "Rows passed over.", { reason: "late" }, health.lateRows),
    counter("mlops_drift_dropped_rows_total", "Rows passed over.", { reason: "early" }, health.earlyRows),
    counter("mlops_drift_errors_total", "Errors of callbacks.", { callback: "select" }, health.selectErrors),
    counter(
      "mlops_drift_errors_total",
      "Errors of callbacks.",
      { callback: "onVerdict" },
      health.onVerdictErrors,
    ),
    counter("mlops_drift_looks_total", "Verdicts given.", {}, health.looks),
    counter("mlops_drift_alarms_total", "Verdicts of drift.", {}, health.alarms),
    gauge("mlops_drift_window_rows", "Rows in the window of the latest verdict.", {}, verdict.rows),
    ...driftStatuses.map((status) =>
      gauge(
        "mlops_drift_status",
        "1 for the status of the latest verdict.",
        { status },
        Number(verdict.status === status),
      ),
    ),
  ];
  for (const { name: column, status, pValue, adjustedPValue, distances } of verdict.result?.columns ?? []) {
    metrics.push(
      gauge(
        "mlops_drift_column_drifted",
        "1 for a column that drifted.",
        { column },
        Number(status === "drift"),
      ),
    );
    if (pValue !== null) {
      metrics.push(gauge("mlops_drift_p_value", "P-value of the column alone.", { column }, pValue));
    }
    if (adjustedPValue !== null) {
      metrics.push(
        gauge(
          "mlops_drift_adjusted_p_value",
          "P-value of the column, adjusted for the number of columns.",
          { column },
          adjustedPValue,
        ),
      );
    }
    for (const { name: distance, value } of distances) {
      metrics.push(
        gauge("mlops_drift_distance", "Distance from the reference.", { column, distance }, value),
      );
    }
  }
  return metrics;
}

type Labels = DriftMetric["labels"];

function gauge(name: string, help: string, labels: Labels, value: number): DriftMetric {
  return { name, type: "gauge", help, labels, value };
}

function counter(name: string, help: string, labels: Labels, value: number): DriftMetric {
  return { name, type: "counter", help, labels, value };
}
