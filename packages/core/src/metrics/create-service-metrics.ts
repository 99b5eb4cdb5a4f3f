import type { ServiceMetrics } from "./service-metrics.ts";
import { checkServiceMetricsOptions, type ServiceMetricsOptions } from "./service-metrics-options.ts";
import { WindowedServiceMetrics } from "./windowed-service-metrics.ts";

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
