import { createServiceMetrics } from "./create-service-metrics.ts";
import { seededRandom, success } from "./metrics-event.fixtures.ts";

/**
 * Nanoseconds and bytes of `record`, and milliseconds of a reading. The young generation has to be
 * large enough that no collection falls into what is measured:
 * `node --conditions=@mlops/source --expose-gc --min-semi-space-size=512 --max-semi-space-size=512
 * packages/core/src/metrics/service-metrics.bench.ts`.
 */
const rounds = 9;
const records = 200_000;

const random = seededRandom(1);
const events = Array.from({ length: 1024 }, () => {
  const runMs = -Math.log(random()) * 10;
  const queueMs = -Math.log(random()) * 2;
  return success({ totalMs: queueMs + runMs, queueMs, runMs, rows: 1, batchRows: 8 });
});

function measure(name: string, count: number, call: (index: number) => void): void {
  const nanoseconds: number[] = [];
  const bytes: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    globalThis.gc?.();
    const heapBefore = process.memoryUsage().heapUsed;
    const startedAt = performance.now();
    for (let index = 0; index < count; index += 1) call(index);
    const tookMs = performance.now() - startedAt;
    // The first rounds warm up.
    if (round < 3) continue;
    nanoseconds.push((tookMs * 1e6) / count);
    bytes.push((process.memoryUsage().heapUsed - heapBefore) / count);
  }
  const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
  process.stdout.write(`${name}: ${median(nanoseconds).toFixed(0)} ns, ${median(bytes).toFixed(0)} bytes\n`);
}

for (const seriesCount of [1, 8]) {
  const metrics = createServiceMetrics({ eventLoopDelay: false });
  const own = events.map((event, index) => ({ ...event, version: `v${index % seriesCount}` }));
  measure(`record, ${seriesCount} series`, records, (index) => metrics.record(own[index & 1023]!));
  measure(`snapshot, ${seriesCount} series, windows full`, 20, () => void metrics.snapshot());
  measure(`toPrometheus, ${seriesCount} series, windows full`, 20, () => void metrics.toPrometheus());
}
measure("the clock alone", records, () => void (performance.timeOrigin + performance.now()));
