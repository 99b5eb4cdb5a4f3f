import type { HistogramSnapshot } from "./histogram.ts";
import { type Metric, metricTable, type SummaryValue } from "./metric-table.ts";
import type { ServiceMetricsSnapshot } from "./snapshot.ts";

/** The `Content-Type` of what `toPrometheus()` gives. */
export const prometheusContentType = "text/plain; version=0.0.4; charset=utf-8";

/**
 * Prometheus' text exposition format 0.0.4: base units, cumulative buckets, one line a value.
 * A metric without values is left out.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function prometheusText(snapshot: ServiceMetricsSnapshot): string {
  return metricTable.flatMap((metric) => linesOf(metric, snapshot)).join("");
}

function linesOf(metric: Metric, snapshot: ServiceMetricsSnapshot): string[] {
  const samples = samplesOf(metric, snapshot);
  if (samples.length === 0) return [];
  const { name, help, type } = metric;
  return [`# HELP ${name} ${escapeHelp(help)}\n`, `# TYPE ${name} ${type}\n`, ...samples];
}

function samplesOf(metric: Metric, snapshot: ServiceMetricsSnapshot): string[] {
  const { name } = metric;
  switch (metric.type) {
    case "counter":
    case "gauge":
      return metric.points(snapshot).map(({ labels, value }) => sample(name, labels, value));
    case "histogram":
      return metric.points(snapshot).flatMap(({ labels, value }) => histogramLines(name, labels, value));
    case "summary":
      return metric.points(snapshot).flatMap(({ labels, value }) => summaryLines(name, labels, value));
  }
}

function histogramLines(name: string, labels: Labels, histogram: HistogramSnapshot): string[] {
  const { bounds, cumulativeCounts, sum, count } = histogram;
  return [
    ...cumulativeCounts.map((atMost, index) =>
      sample(`${name}_bucket`, { ...labels, le: formatNumber(bounds[index] ?? Infinity) }, atMost),
    ),
    sample(`${name}_sum`, labels, sum),
    sample(`${name}_count`, labels, count),
  ];
}

function summaryLines(name: string, labels: Labels, { seconds, sum, count }: SummaryValue): string[] {
  return [
    ...seconds.map(([percentile, value]) =>
      sample(name, { ...labels, quantile: formatNumber(asFraction(percentile)) }, value),
    ),
    sample(`${name}_sum`, labels, sum),
    sample(`${name}_count`, labels, count),
  ];
}

type Labels = { readonly [name: string]: string };

function sample(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabelValue(text)}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${formatNumber(value)}\n`;
}

/** 99.9 is 0.999, and not 0.9990000000000001. */
function asFraction(percentile: number): number {
  return Number((percentile / 100).toPrecision(12));
}

function formatNumber(value: number): string {
  if (value === Infinity) return "+Inf";
  return String(value);
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function escapeLabelValue(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
