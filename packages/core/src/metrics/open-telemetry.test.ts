import { expect, test } from "vitest";
import { UnsupportedError } from "../errors/unsupported-error.ts";
import { FakeEnvironment } from "../predictor/fake-environment.fixtures.ts";
import { failure, ScriptedPredictor, success } from "./metrics-event.fixtures.ts";
import type {
  OpenTelemetryAttributes,
  OpenTelemetryBatchResult,
  OpenTelemetryMeter,
} from "./open-telemetry.ts";
import { createServiceMetrics } from "./create-service-metrics.ts";

class FakeInstrument {
  readonly name: string;
  readonly unit: string | undefined;
  readonly kind: string;
  constructor(kind: string, name: string, unit: string | undefined) {
    this.kind = kind;
    this.name = name;
    this.unit = unit;
  }
}

/** A meter that keeps what it is told. */
class FakeMeter implements OpenTelemetryMeter {
  readonly instruments: FakeInstrument[] = [];
  readonly recorded: [name: string, value: number, attributes: OpenTelemetryAttributes | undefined][] = [];
  readonly callbacks = new Set<(result: OpenTelemetryBatchResult) => void>();
  readonly boundaries = new Map<string, number[] | undefined>();

  createHistogram(...[name, options]: Parameters<OpenTelemetryMeter["createHistogram"]>) {
    this.#create("histogram", name, options?.unit);
    this.boundaries.set(name, options?.advice?.explicitBucketBoundaries);
    return {
      record: (value: number, attributes?: OpenTelemetryAttributes): void =>
        void this.recorded.push([name, value, attributes]),
    };
  }

  createObservableCounter(...[name, options]: Parameters<OpenTelemetryMeter["createHistogram"]>) {
    return this.#create("counter", name, options?.unit);
  }

  createObservableGauge(...[name, options]: Parameters<OpenTelemetryMeter["createHistogram"]>) {
    return this.#create("gauge", name, options?.unit);
  }

  addBatchObservableCallback(callback: (result: OpenTelemetryBatchResult) => void): void {
    this.callbacks.add(callback);
  }

  removeBatchObservableCallback(callback: (result: OpenTelemetryBatchResult) => void): void {
    this.callbacks.delete(callback);
  }

  collect(): [name: string, value: number, attributes: OpenTelemetryAttributes | undefined][] {
    const observed: [string, number, OpenTelemetryAttributes | undefined][] = [];
    const observe: OpenTelemetryBatchResult["observe"] = (metric, value, attributes) =>
      void observed.push([(metric as FakeInstrument).name, value, attributes]);
    for (const callback of this.callbacks) callback({ observe });
    return observed;
  }

  #create(kind: string, name: string, unit: string | undefined): FakeInstrument {
    const instrument = new FakeInstrument(kind, name, unit);
    this.instruments.push(instrument);
    return instrument;
  }
}

const model = { "mlops.model.name": "price", "mlops.model.version": "1" };

test("durations and batch sizes are recorded request by request, in seconds", () => {
  const meter = new FakeMeter();
  const metrics = createServiceMetrics({ environment: new FakeEnvironment(), eventLoopDelay: false });
  metrics.record(success());
  metrics.toOpenTelemetry({ meter });
  metrics.record(success({ totalMs: 10, queueMs: 2, runMs: 7, rows: 1, batchRows: 4 }));
  metrics.record(failure("OVERLOADED", { totalMs: 1 }));
  metrics.record(success({ totalMs: NaN }));
  expect(meter.recorded).toEqual([
    ["mlops.prediction.duration", 0.01, { ...model, "mlops.outcome": "success" }],
    ["mlops.prediction.queue.duration", 0.002, model],
    ["mlops.prediction.run.duration", 0.007, model],
    ["mlops.prediction.batch.rows", 4, model],
    ["mlops.prediction.duration", 0.001, { ...model, "mlops.outcome": "failure" }],
  ]);
  expect(meter.boundaries.get("mlops.prediction.duration")?.at(-1)).toBe(10);
});

test("counters and gauges are read when the meter collects", () => {
  const meter = new FakeMeter();
  const environment = new FakeEnvironment();
  const metrics = createServiceMetrics({ environment, eventLoopDelay: false });
  const predictor = new ScriptedPredictor();
  metrics.watch(predictor);
  metrics.toOpenTelemetry({ meter });
  predictor.tell(success());
  predictor.tell(failure("OVERLOADED"));
  predictor.become({ queued: 3, running: 2 });
  environment.advance(1_500);
  const observed = meter.collect();
  expect(observed).toContainEqual(["mlops.predictions", 1, { ...model, "mlops.outcome": "success" }]);
  expect(observed).toContainEqual([
    "mlops.predictions",
    1,
    { ...model, "mlops.outcome": "failure", "error.type": "OVERLOADED" },
  ]);
  expect(observed).toContainEqual(["mlops.predictions.queued", 3, model]);
  expect(observed).toContainEqual(["mlops.predictions.running", 2, model]);
  expect(observed).toContainEqual(["mlops.service.up.time", 1.5, {}]);
  expect(meter.instruments.find(({ name }) => name === "mlops.service.up.time")).toMatchObject({
    kind: "counter",
    unit: "s",
  });
});

test("two meters both hear, until they are detached or the metrics are closed", () => {
  const [one, two] = [new FakeMeter(), new FakeMeter()];
  const metrics = createServiceMetrics({ environment: new FakeEnvironment(), eventLoopDelay: false });
  const detach = metrics.toOpenTelemetry({ meter: one });
  metrics.toOpenTelemetry({ meter: two });
  metrics.record(success());
  detach();
  detach();
  metrics.record(success());
  expect([one.recorded.length, two.recorded.length, one.callbacks.size]).toEqual([4, 8, 0]);
  metrics.close();
  expect(two.callbacks.size).toBe(0);
  expect(() => metrics.toOpenTelemetry({ meter: one })).toThrow(UnsupportedError);
});
