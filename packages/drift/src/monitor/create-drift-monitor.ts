import type { DriftMonitor } from "./drift-monitor.ts";
import { MonitorCore } from "./monitor-core.ts";
import { createGuardrail } from "./monitor-guardrail.ts";
import { describeMetrics } from "./monitor-metrics.ts";
import { type DriftMonitorOptions, resolveMonitorOptions, type SelectedRows } from "./monitor-options.ts";
import type { ObservedPrediction } from "./observed-prediction.ts";

/**
 * Watches a stream for drift from a reference, window by window. Memory does not grow with the stream: it
 * keeps counters, and no rows.
 *
 * A window is judged like `detectDrift` judges data; `control` says what `alpha` holds for, over all
 * looks. A window of time without rows is not judged, and costs nothing.
 *
 * A sliding window is judged by the distance of Kolmogorov and Smirnov alone, on the reference's cells,
 * with missing and special values as cells after the others; it is kept up to date in O(log cells) a
 * row. Its looks overlap, so nothing is assumed of how they depend on each other.
 *
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS`
 * @throws InvalidProfileError `INVALID_PROFILE` for a state in `from` that is none.
 *
 * @example
 * ```ts
 * const monitor = createDriftMonitor({ reference, window: { rows: 1_000 } });
 * predictor.observe(monitor.observer);
 * monitor.verdict().status; //=> "not-enough-data"
 * ```
 */
export function createDriftMonitor<Event = ObservedPrediction>(
  options: DriftMonitorOptions<Event>,
): DriftMonitor<Event> {
  const core = new MonitorCore(resolveMonitorOptions(options), options);
  const select = options.select ?? selectInput;
  const { time = startOf } = options;
  return {
    observer: (event) => core.guard(() => core.observe(select(event), time(event))),
    add: (row, { time: at } = {}) => core.add(row, at),
    verdict: () => core.verdict(),
    health: () => core.health(),
    metrics: () => describeMetrics(core.verdict(), core.health()),
    asGuardrail: (guardrail = {}) => createGuardrail(core, guardrail),
    merge: (state) => core.merge(state),
    publish: (store, key) => core.publish(store, key),
    collect: (store, key) => core.collect(store, key),
    toJson: () => core.toJson(),
  };
}

/** The input of an event that succeeded, where it is an object, or several. */
function selectInput(event: unknown): SelectedRows {
  const { outcome, input } = event as ObservedPrediction;
  // What is no row is refused where it is counted.
  return outcome === "success" && typeof input === "object" && input !== null
    ? (input as SelectedRows)
    : undefined;
}

function startOf(event: unknown): number | undefined {
  const { startedAt } = event as ObservedPrediction;
  return typeof startedAt === "number" ? startedAt : undefined;
}
