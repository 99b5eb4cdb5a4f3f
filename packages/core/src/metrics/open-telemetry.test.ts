import { AggregationTemporality, DataPointType, InMemoryMetricExporter } from "@opentelemetry/sdk-metrics";
import { MeterProvider, type MetricData, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { afterEach, expect, test } from "vitest";
import { UnsupportedError } from "../errors/unsupported-error.ts";
import { FakeEnvironment } from "../predictor/fake-environment.fixtures.ts";
import { createServiceMetrics } from "./create-service-metrics.ts";
import { failure, ScriptedPredictor, success } from "./metrics-event.fixtures.ts";
import { metricTable } from "./metric-table.ts";
import type { ServiceMetrics } from "./service-metrics.ts";
import type { ServiceMetricsOptions } from "./service-metrics-options.ts";

// What OpenTelemetry's own SDK exports, and not what we believe that we have told it.

type Exported = Map<string, ReturnType<typeof readMetric>>;

const providers: MeterProvider[] = [];
afterEach(async () => {
  for (const provider of providers.splice(0)) await provider.shutdown();
});

/** A meter of the SDK, and what comes out of it. */
function setUpMeter() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  // Only a flush collects.
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 31 - 1 });
  const provider = new MeterProvider({ readers: [reader] });
  providers.push(provider);
  const collect = async (): Promise<Exported> => {
    exporter.reset();
    await provider.forceFlush();
    const metrics = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
    return new Map(
      metrics.flatMap((scope) => scope.metrics.map((one) => [one.descriptor.name, readMetric(one)])),
    );
  };
  return { meter: provider.getMeter("test"), collect };
}

function readMetric({ descriptor, dataPoints, dataPointType }: MetricData) {
  return {
    type: DataPointType[dataPointType],
    unit: descriptor.unit,
    points: dataPoints.map(({ attributes, value }) => {
      if (typeof value === "number") return { attributes, value };
      const { sum, count } = value;
      return "buckets" in value
        ? { attributes, sum, count, buckets: value.buckets }
        : { attributes, sum, count };
    }),
  };
}

function setUp(options: ServiceMetricsOptions = {}): {
  metrics: ServiceMetrics;
  environment: FakeEnvironment;
} {
  const environment = new FakeEnvironment();
  return { metrics: createServiceMetrics({ environment, eventLoopDelay: false, ...options }), environment };
}

const model = { "mlops.model.name": "price", "mlops.model.version": "1" };
const succeeded = { ...model, "mlops.outcome": "success" };
const failed = { ...model, "mlops.outcome": "failure" };

test("everything that is exported: names, units, attributes and values", async () => {
  const { meter, collect } = setUpMeter();
  const { metrics, environment } = setUp({ durationBucketsSeconds: [0.005, 0.05], batchRowsBuckets: [1, 8] });
  const predictor = new ScriptedPredictor();
  metrics.watch(predictor);
  metrics.toOpenTelemetry({ meter });
  predictor.tell(success({ totalMs: 16, queueMs: 4, runMs: 8, rows: 1, batchRows: 4 }));
  predictor.tell(success({ totalMs: 64, queueMs: 0, runMs: 64, rows: 3, batchRows: 4 }));
  predictor.tell(failure("OVERLOADED", { totalMs: 1 }));
  predictor.tell(success({ totalMs: NaN }));
  const observers = [{ name: "audit", observing: 1, pending: 0, errors: 2, drops: 3 }];
  predictor.become({ queued: 5, running: 1, observerErrors: 2, observers });
  environment.advance(1_500);
  predictor.become({ status: "closing" });
  metrics.sampleHealth();
  environment.advance(500);
  const histogram = (unit: string, ...points: object[]) => ({ type: "HISTOGRAM", unit, points });
  const counter = (unit: string, ...points: object[]) => ({ type: "SUM", unit, points });
  const gauge = (unit: string, ...points: object[]) => ({ type: "GAUGE", unit, points });
  const seconds = [0.005, 0.05];
  expect(Object.fromEntries(await collect())).toEqual({
    "mlops.prediction.duration": histogram(
      "s",
      { attributes: succeeded, sum: 0.08, count: 2, buckets: { boundaries: seconds, counts: [0, 1, 1] } },
      { attributes: failed, sum: 0.001, count: 1, buckets: { boundaries: seconds, counts: [1, 0, 0] } },
    ),
    "mlops.prediction.queue.duration": histogram("s", {
      attributes: model,
      sum: 0.004,
      count: 2,
      buckets: { boundaries: seconds, counts: [2, 0, 0] },
    }),
    "mlops.prediction.run.duration": histogram("s", {
      attributes: model,
      sum: 0.064 + 0.008,
      count: 2,
      buckets: { boundaries: seconds, counts: [0, 1, 1] },
    }),
    "mlops.prediction.batch.rows": histogram("{row}", {
      attributes: model,
      sum: 8,
      count: 2,
      buckets: { boundaries: [1, 8], counts: [0, 2, 0] },
    }),
    "mlops.predictions": counter(
      "{prediction}",
      { attributes: succeeded, value: 3 },
      { attributes: { ...failed, "error.type": "OVERLOADED" }, value: 1 },
    ),
    "mlops.prediction.rows": counter("{row}", { attributes: model, value: 4 }),
    "mlops.prediction.batches": counter("{batch}", { attributes: model, value: 1 }),
    "mlops.predictions.queued": gauge("{prediction}", { attributes: model, value: 5 }),
    "mlops.predictions.running": gauge("{prediction}", { attributes: model, value: 1 }),
    "mlops.model.up": gauge("1", { attributes: model, value: 0 }),
    "mlops.model.up.time": counter("s", { attributes: model, value: 1.5 }),
    "mlops.model.down.time": counter("s", { attributes: model, value: 0.5 }),
    "mlops.service.up": gauge("1", { attributes: {}, value: 0 }),
    "mlops.service.up.time": counter("s", { attributes: {}, value: 1.5 }),
    "mlops.service.down.time": counter("s", { attributes: {}, value: 0.5 }),
    "mlops.observer.errors": counter("{error}", {
      attributes: { ...model, "mlops.observer.name": "audit" },
      value: 2,
    }),
    "mlops.observer.drops": counter("{event}", {
      attributes: { ...model, "mlops.observer.name": "audit" },
      value: 3,
    }),
    "mlops.invalid_measurements": counter("{prediction}", { attributes: model, value: 1 }),
  });
});

test("on a real clock the event loop's delay is exported too, and nothing is left out", async () => {
  const { meter, collect } = setUpMeter();
  using metrics = createServiceMetrics();
  const predictor = new ScriptedPredictor();
  metrics.watch(predictor);
  metrics.toOpenTelemetry({ meter });
  predictor.tell(success());
  predictor.become({ observerErrors: 1 });
  await expect
    .poll(() => metrics.snapshot().eventLoopDelay?.maxMs, { timeout: 10_000 })
    .toBeGreaterThanOrEqual(0);
  const exported = await collect();
  const told = metricTable.flatMap((metric) =>
    "openTelemetryName" in metric ? [metric.openTelemetryName] : [],
  );
  expect(told.filter((name) => !exported.has(name))).toEqual([]);
  const { type, unit, points } = exported.get("mlops.event_loop.delay.max")!;
  expect([type, unit, points.length]).toEqual(["GAUGE", "s", 1]);
});

test("what was recorded before counts in the counters, and is in no histogram", async () => {
  const { meter, collect } = setUpMeter();
  const { metrics } = setUp();
  metrics.record(success());
  metrics.toOpenTelemetry({ meter });
  const exported = await collect();
  expect(exported.get("mlops.predictions")?.points).toEqual([{ attributes: succeeded, value: 1 }]);
  expect(exported.has("mlops.prediction.duration")).toBe(false);
});

test("a composition has neither waits nor batches", async () => {
  const { meter, collect } = setUpMeter();
  const { metrics } = setUp();
  metrics.toOpenTelemetry({ meter });
  metrics.record(success({ queueMs: undefined, batchRows: undefined }));
  const names = [...(await collect()).keys()];
  expect(names).toContain("mlops.prediction.run.duration");
  expect(names).not.toContain("mlops.prediction.queue.duration");
  expect(names).not.toContain("mlops.prediction.batch.rows");
});

test("two meters both hear, until they are detached or the metrics are closed", async () => {
  const [one, two] = [setUpMeter(), setUpMeter()];
  const { metrics } = setUp();
  const detach = metrics.toOpenTelemetry({ meter: one.meter });
  metrics.toOpenTelemetry({ meter: two.meter });
  const counts = async ({ collect }: typeof one): Promise<unknown[]> => {
    const exported = await collect();
    return ["mlops.prediction.duration", "mlops.predictions"].map((name) => {
      const [point] = exported.get(name)?.points ?? [];
      return point && ("value" in point ? point.value : point.count);
    });
  };
  metrics.record(success());
  expect([await counts(one), await counts(two)]).toEqual([
    [1, 1],
    [1, 1],
  ]);
  detach();
  detach();
  metrics.record(success());
  // The SDK goes on exporting what it was told last.
  expect([await counts(one), await counts(two)]).toEqual([
    [1, 1],
    [2, 2],
  ]);
  metrics.close();
  metrics.record(success());
  expect(await counts(two)).toEqual([2, 2]);
  expect(() => metrics.toOpenTelemetry({ meter: one.meter })).toThrow(UnsupportedError);
});
