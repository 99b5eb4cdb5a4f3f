import type { Predictor } from "@mlops/core";
import { createServiceMetrics } from "@mlops/core/metrics";

/** What was measured over the last seconds. */
export interface SpeedReading {
  /** Seconds since the run began. */
  readonly atSeconds: number;
  /** `undefined` until there is enough to tell. */
  readonly perSecond: number | undefined;
  /** From the request to its answer, in milliseconds. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
}

/** Milliseconds that a reading looks back, and between readings. */
const windowMs = 3000;
const intervalMs = 500;

/** What {@link measureSpeed} is told. */
export interface SpeedOptions<Input, Output> {
  readonly predictor: Predictor<Input, Output>;
  /** Gives the input of the next prediction. */
  readonly nextInput: () => Input;
  readonly onReading: (reading: SpeedReading) => void;
  /** Ends the run. */
  readonly signal: AbortSignal;
}

/**
 * Asks a predictor for one prediction after the other, and reads its metrics twice a second.
 *
 * @throws What `predict` throws.
 */
export async function measureSpeed<Input, Output>({
  predictor,
  nextInput,
  onReading,
  signal,
}: SpeedOptions<Input, Output>): Promise<void> {
  using metrics = createServiceMetrics({
    percentiles: [50, 95, 99],
    windowMs,
    windowRequests: 10_000,
    eventLoopDelay: false,
  });
  metrics.watch(predictor);
  const startedAt = performance.now();
  let readAt = startedAt;
  while (!signal.aborted) {
    await predictor.predict(nextInput());
    const now = performance.now();
    if (now - readAt < intervalMs) continue;
    readAt = now;
    const [model] = metrics.snapshot().models;
    const { p50, p95, p99 } = model?.latency.window.total.ms ?? {};
    onReading({
      atSeconds: (now - startedAt) / 1000,
      perSecond: model?.throughput.window.successesPerSecond ?? undefined,
      p50: p50 ?? undefined,
      p95: p95 ?? undefined,
      p99: p99 ?? undefined,
    });
  }
}
