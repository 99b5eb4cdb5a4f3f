import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { definePredictor } from "../composition/define-predictor.ts";
import { pipeline } from "../composition/pipeline.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import type { MlopsError } from "../errors/mlops-error.ts";
import { UnsupportedError } from "../errors/unsupported-error.ts";
import { FakeEnvironment, settled } from "../predictor/fake-environment.fixtures.ts";
import { rows, setUpTensors } from "../predictor/fake-backend.fixtures.ts";
import type { ObserverHealth } from "../predictor/observer-account.ts";
import { DDSketch } from "./dd-sketch.ts";
import type { MetricsEvent } from "./metrics-event.ts";
import {
  failure,
  modelSnapshot,
  ScriptedPredictor,
  seededRandom,
  success,
} from "./metrics-event.fixtures.ts";
import { percentileOfSorted } from "./nearest-rank.ts";
import { createServiceMetrics } from "./create-service-metrics.ts";
import type { ServiceMetrics } from "./service-metrics.ts";
import type { ServiceMetricsOptions } from "./service-metrics-options.ts";

function setUp(options: ServiceMetricsOptions = {}): {
  metrics: ServiceMetrics;
  environment: FakeEnvironment;
} {
  const environment = new FakeEnvironment();
  return { metrics: createServiceMetrics({ environment, eventLoopDelay: false, ...options }), environment };
}

function recordTotals(metrics: ServiceMetrics, totals: Iterable<number>): void {
  for (const totalMs of totals)
    metrics.record(success({ totalMs, queueMs: totalMs / 2, runMs: totalMs / 4 }));
}

const noPercentiles = { p50: null, p90: null, p95: null, p99: null };

describe("latency", () => {
  test("percentiles of the window are those of the sorted latencies, by rank", () => {
    const percentiles = [0, 12.5, 50, 95, 99.9, 100];
    const value = fc.oneof(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.constantFrom(0, 1, 5));
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 80 }),
        fc.integer({ min: 1, max: 60 }),
        (values, windowRequests) => {
          const { metrics } = setUp({ windowRequests, percentiles });
          recordTotals(metrics, values);
          const { window } = modelSnapshot(metrics).latency;
          for (const [part, factor] of [
            ["total", 1],
            ["queue", 1 / 2],
            ["run", 1 / 4],
          ] as const) {
            const sorted = values
              .slice(-windowRequests)
              .map((one) => one * factor)
              .toSorted((a, b) => a - b);
            expect(window[part]).toEqual({
              count: sorted.length,
              ms: Object.fromEntries(percentiles.map((p) => [`p${p}`, percentileOfSorted(sorted, p)])),
            });
          }
        },
      ),
    );
  });

  test("the example of the documentation", () => {
    const { metrics } = setUp();
    recordTotals(metrics, [12, 15, 11, 80]);
    expect(modelSnapshot(metrics).latency.window.total.ms).toEqual({ p50: 12, p90: 80, p95: 80, p99: 80 });
  });

  test("requests leave the window when they are older than windowMs, and stay in all time", () => {
    const { metrics, environment } = setUp({ windowMs: 1_000, percentiles: [100] });
    recordTotals(metrics, [500]);
    environment.advance(999);
    recordTotals(metrics, [20]);
    expect(modelSnapshot(metrics).latency.window.total).toEqual({ count: 2, ms: { p100: 500 } });
    environment.advance(1);
    expect(modelSnapshot(metrics).latency.window.total).toEqual({ count: 1, ms: { p100: 20 } });
    environment.advance(1_000);
    const { window, allTime } = modelSnapshot(metrics).latency;
    expect(window.total).toEqual({ count: 0, ms: { p100: null } });
    expect(allTime.total).toEqual({ count: 2, ms: { p100: 500 } });
  });

  test("over all time is within 1 %, for each part and for failures", () => {
    const random = seededRandom(7);
    const totals = Array.from({ length: 20_000 }, () => 1 / random());
    const { metrics } = setUp({ windowRequests: 10 });
    recordTotals(metrics, totals);
    for (const totalMs of totals) metrics.record(failure("BACKEND_FAILED", { totalMs: 3 * totalMs }));
    const { allTime, allTimeFailures } = modelSnapshot(metrics).latency;
    const sorted = totals.toSorted((a, b) => a - b);
    for (const percentile of [50, 90, 95, 99] as const) {
      const exact = percentileOfSorted(sorted, percentile)!;
      for (const [found, factor] of [
        [allTime.total, 1],
        [allTime.queue, 1 / 2],
        [allTime.run, 1 / 4],
        [allTimeFailures, 3],
      ] as const) {
        expect(Math.abs(found.ms[`p${percentile}`]! / (exact * factor) - 1)).toBeLessThan(0.01 + 1e-9);
      }
    }
  });

  test("is of successes: what is refused at once does not make it look good", () => {
    const { metrics } = setUp({ percentiles: [50] });
    recordTotals(metrics, [100]);
    for (let index = 0; index < 9; index += 1) metrics.record(failure("OVERLOADED", { totalMs: 0 }));
    expect(modelSnapshot(metrics).latency.window.total).toEqual({ count: 1, ms: { p50: 100 } });
    expect(modelSnapshot(metrics).latency.allTimeFailures.count).toBe(9);
  });

  test("sketches of two processes merge to the percentiles of both", () => {
    const processes = [setUp().metrics, setUp().metrics] as const;
    recordTotals(processes[0], [1, 2, 3]);
    recordTotals(processes[1], [1_000, 2_000, 3_000]);
    const [one, other] = processes.map((metrics) => {
      const json: unknown = JSON.parse(JSON.stringify(metrics.snapshot({ sketches: true })));
      return DDSketch.fromJSON(
        (json as ReturnType<typeof metrics.snapshot>).models[0]?.latency.sketches?.total,
      );
    });
    one!.merge(other!);
    expect([one!.count, one!.percentile(50)! / 3]).toEqual([6, expect.closeTo(1, 1)]);
  });
});

describe("hostile measurements", () => {
  test.each(["totalMs", "queueMs", "runMs", "rows"] as const)(
    "a bad %s counts the request, and no measurement of it",
    (field) => {
      const { metrics } = setUp();
      const hostile: unknown[] = [NaN, -1, Infinity, -Infinity, 1e300, "5", undefined, null];
      // A request that queued nowhere has no queueMs, which is as it should be.
      if (field === "queueMs") hostile.splice(hostile.indexOf(undefined), 1, NaN);
      for (const value of hostile) metrics.record({ ...success(), [field]: value });
      const model = modelSnapshot(metrics);
      expect(model).toMatchObject({ requests: 8, successes: 8, invalidMeasurements: 8, rows: 0, batches: 0 });
      expect([model.latency.window.total.count, model.latency.allTime.run.count]).toEqual([0, 0]);
      expect(model.histograms.successSeconds.count).toBe(0);
      expect(model.availability.windowRequests.successes).toBe(8);
    },
  );

  test("a bad batch is no batch", () => {
    const { metrics } = setUp();
    for (const batchRows of [NaN, -1, 0, Infinity, 1e-300]) metrics.record(success({ batchRows }));
    expect(modelSnapshot(metrics)).toMatchObject({ rows: 5, batches: 0, invalidMeasurements: 0 });
  });

  test("an outcome that is none, and a failure without an error, are faults", () => {
    const { metrics } = setUp();
    metrics.record({ ...success(), outcome: "?" as "success" });
    metrics.record({ ...success(), outcome: "failure" });
    expect(modelSnapshot(metrics).failures).toEqual({ OTHER: 2 });
  });
});

describe("batches and rows", () => {
  test("the requests of a batch make one batch, and each observes its size", () => {
    const { metrics } = setUp({ batchRowsBuckets: [1, 4, 8] });
    for (let index = 0; index < 8; index += 1) metrics.record(success({ rows: 1, batchRows: 8 }));
    metrics.record(success({ rows: 3, batchRows: 4 }));
    metrics.record(success({ rows: 1, batchRows: 4 }));
    metrics.record(success({ rows: 1 }));
    const { rows: rowCount, batches, histograms } = modelSnapshot(metrics);
    expect([rowCount, batches]).toEqual([13, 3]);
    expect(histograms.batchRows).toEqual({
      bounds: [1, 4, 8],
      cumulativeCounts: [1, 3, 11, 11],
      sum: 73,
      count: 11,
    });
  });
});

describe("a composition", () => {
  test("has neither waits nor batches, and not ones of 0", () => {
    const { metrics } = setUp();
    const { queueMs, batchRows, ...event } = success({ totalMs: 30, runMs: 30, rows: 2 });
    metrics.record(event);
    metrics.record({ ...event, totalMs: 50, runMs: 50, queueMs: undefined, batchRows: undefined });
    const model = modelSnapshot(metrics);
    expect(model).toMatchObject({ requests: 2, rows: 4, batches: 0, invalidMeasurements: 0 });
    for (const { total, queue, run } of [model.latency.window, model.latency.allTime]) {
      expect([total.count, run.count, queue]).toEqual([2, 2, { count: 0, ms: noPercentiles }]);
    }
    expect([model.histograms.queueSeconds.count, model.histograms.batchRows.count]).toEqual([0, 0]);
    expect([queueMs, batchRows]).toEqual([2, 2]);
  });

  test("under one name with a model leaves the model's waits and batches as they are", () => {
    const { metrics } = setUp();
    metrics.record(success({ queueMs: 8, rows: 1, batchRows: 4 }));
    metrics.record(success({ queueMs: undefined, batchRows: undefined }));
    const { latency, batches } = modelSnapshot(metrics);
    expect([latency.window.queue.count, latency.window.queue.ms["p99"], batches]).toEqual([1, 8, 0.25]);
    expect(latency.window.run.count).toBe(2);
  });

  test("is measured as it is", async () => {
    const { metrics, environment } = setUp();
    const sum = pipeline(
      [
        definePredictor({ name: "a", version: "1", environment, predict: (value: number) => value + 1 }),
        definePredictor({ name: "b", version: "1", environment, predict: (value: number) => value * 2 }),
      ],
      { environment },
    );
    metrics.watch(sum);
    expect(await sum.predict(1)).toBe(4);
    environment.runDeferred();
    expect(modelSnapshot(metrics, "a+b")).toMatchObject({ successes: 1, batches: 0 });
    expect(modelSnapshot(metrics, "a+b").latency.window.queue.count).toBe(0);
  });
});

describe("throughput", () => {
  test("over the window is N/Δt, with Δt from the start until the window is full", () => {
    const { metrics, environment } = setUp({ windowMs: 10_000 });
    for (let second = 1; second <= 30; second += 1) {
      metrics.record(success({ rows: 5 }));
      metrics.record(failure("BACKEND_FAILED"));
      environment.advance(1_000);
      if (second !== 4 && second !== 30) continue;
      const { window, sinceStart } = modelSnapshot(metrics).throughput;
      const overMs = second * 1_000;
      const rates = { requestsPerSecond: 2, successesPerSecond: 1, rowsPerSecond: 5 };
      expect(sinceStart).toEqual({ ...rates, overMs });
      // A request of exactly windowMs ago is no more in the window.
      const inWindow = second === 4 ? 1 : 0.9;
      expect(window).toEqual({
        requestsPerSecond: 2 * inWindow,
        successesPerSecond: inWindow,
        rowsPerSecond: 5 * inWindow,
        overMs: Math.min(overMs, 10_000),
      });
    }
  });

  test("is right when the window holds fewer requests than come in its time", () => {
    const { metrics, environment } = setUp({ windowRequests: 50, windowMs: 60_000 });
    for (let index = 0; index < 1_000; index += 1) {
      environment.advance(10);
      metrics.record(success());
    }
    expect(modelSnapshot(metrics).throughput.window).toMatchObject({ requestsPerSecond: 100, overMs: 500 });
  });

  test("is unknown while no time has passed, and 0 once some has", () => {
    const { metrics, environment } = setUp({ windowMs: 1_000 });
    metrics.record(success());
    const { window, sinceStart } = modelSnapshot(metrics).throughput;
    expect([window.requestsPerSecond, sinceStart.requestsPerSecond]).toEqual([null, null]);
    expect(metrics.snapshot().service.throughput.window.requestsPerSecond).toBeNull();
    environment.advance(5_000);
    expect(modelSnapshot(metrics).throughput.window.requestsPerSecond).toBe(0);
  });

  test("of the service is the sum of the models'", () => {
    const { metrics, environment } = setUp();
    for (let index = 0; index < 10; index += 1) {
      metrics.record(success({ model: "a" }));
      metrics.record(success({ model: "b", version: "7" }));
      metrics.record(success({ model: "b", version: "8", rows: 10 }));
    }
    environment.advance(2_000);
    const { requests, throughput } = metrics.snapshot().service;
    expect(requests).toBe(30);
    const rates = { requestsPerSecond: 15, successesPerSecond: 15, rowsPerSecond: 60, overMs: 2_000 };
    expect(throughput).toEqual({ window: rates, sinceStart: rates });
  });

  test("of a model that came later is over its own time since the start", () => {
    const { metrics, environment } = setUp();
    metrics.record(success({ model: "a" }));
    environment.advance(10_000);
    metrics.watch(new ScriptedPredictor("late"));
    environment.advance(1_000);
    metrics.record(success({ model: "late" }));
    expect(modelSnapshot(metrics, "late").throughput.sinceStart).toMatchObject({
      requestsPerSecond: 1,
      overMs: 1_000,
    });
  });
});

describe("availability by requests", () => {
  test("leaves out what the caller has to answer for", () => {
    const { metrics } = setUp();
    for (let index = 0; index < 6; index += 1) metrics.record(success());
    for (const code of ["OVERLOADED", "DEADLINE_EXCEEDED"]) metrics.record(failure(code));
    for (const code of ["ABORTED", "INVALID_INPUT", "SHAPE_MISMATCH"]) metrics.record(failure(code));
    const expected = { ratio: 0.75, successes: 6, faults: 2, excluded: 3 };
    const model = modelSnapshot(metrics);
    expect(model.availability.requests).toEqual(expected);
    expect(model.availability.windowRequests).toEqual(expected);
    expect(metrics.snapshot().service.availability.requests).toEqual(expected);
    expect(model.failures).toEqual({
      ABORTED: 1,
      DEADLINE_EXCEEDED: 1,
      INVALID_INPUT: 1,
      OVERLOADED: 1,
      SHAPE_MISMATCH: 1,
    });
  });

  test("is unknown without a request that counts", () => {
    const { metrics } = setUp();
    metrics.record(failure("ABORTED"));
    expect(modelSnapshot(metrics).availability.requests.ratio).toBeNull();
  });

  test("of the window forgets an old outage", () => {
    const { metrics, environment } = setUp({ windowMs: 1_000 });
    metrics.record(failure("BACKEND_FAILED"));
    environment.advance(1_000);
    metrics.record(success());
    const { requests, windowRequests } = modelSnapshot(metrics).availability;
    expect([requests.ratio, windowRequests.ratio]).toEqual([0.5, 1]);
  });
});

describe("availability by time", () => {
  test("a timeline by hand: ready 60 s, closing 20 s, ready 20 s", () => {
    const { metrics, environment } = setUp();
    const predictor = new ScriptedPredictor();
    environment.advance(5_000);
    metrics.watch(predictor);
    environment.advance(60_000);
    predictor.become({ status: "closing" });
    metrics.sampleHealth();
    environment.advance(20_000);
    predictor.become({ status: "ready" });
    metrics.sampleHealth();
    environment.advance(20_000);
    const expected = { ratio: 0.8, upMs: 80_000, downMs: 20_000, outages: 1, state: "up" };
    expect(modelSnapshot(metrics).availability.time).toEqual(expected);
    expect(metrics.snapshot().service.availability.time).toEqual(expected);
  });

  test("what a look saw holds until the next one", () => {
    const { metrics, environment } = setUp();
    const predictor = new ScriptedPredictor();
    metrics.watch(predictor);
    environment.advance(3_000);
    predictor.become({ status: "closed" });
    environment.advance(7_000);
    expect(modelSnapshot(metrics).availability.time).toMatchObject({
      upMs: 10_000,
      downMs: 0,
      state: "down",
    });
    environment.advance(1_000);
    expect(modelSnapshot(metrics).availability.time).toMatchObject({ upMs: 10_000, downMs: 1_000 });
  });

  test("a version is up while any of its predictors is; the service while every model has a version that is", () => {
    const { metrics, environment } = setUp();
    const [one, two, next] = [
      new ScriptedPredictor(),
      new ScriptedPredictor(),
      new ScriptedPredictor("price", "2"),
    ];
    const other = new ScriptedPredictor("emotion");
    for (const predictor of [one, two, next, other]) metrics.watch(predictor);
    const statesAfter = (change: () => void): string[] => {
      change();
      environment.advance(1_000);
      const { models, service } = metrics.snapshot();
      return [...models.map((model) => model.availability.time.state), service.availability.time.state];
    };
    expect(statesAfter(() => one.become({ status: "closed" }))).toEqual(["up", "up", "up", "up"]);
    expect(statesAfter(() => two.become({ status: "closed" }))).toEqual(["down", "up", "up", "up"]);
    expect(statesAfter(() => next.become({ status: "closed" }))).toEqual(["down", "down", "up", "down"]);
    expect(statesAfter(() => two.become({ status: "ready" }))).toEqual(["up", "down", "up", "up"]);
    expect(statesAfter(() => other.become({ status: "closing" }))).toEqual(["up", "down", "down", "down"]);
  });

  test("a mark of the service or of a version outweighs ready predictors, until it is taken back", () => {
    const { metrics, environment } = setUp();
    metrics.watch(new ScriptedPredictor());
    environment.advance(70_000);
    metrics.markDown();
    environment.advance(10_000);
    metrics.markDown({ model: "price", version: "1" });
    metrics.markUp();
    environment.advance(20_000);
    metrics.markUp({ model: "price", version: "1" });
    const expected = { ratio: 0.7, upMs: 70_000, downMs: 30_000, outages: 1, state: "up" };
    expect(modelSnapshot(metrics).availability.time).toEqual(expected);
    expect(metrics.snapshot().service.availability.time).toEqual(expected);
  });

  test("marking it up does not make a closed predictor one that is up", () => {
    const { metrics } = setUp();
    const predictor = new ScriptedPredictor();
    predictor.become({ status: "closed" });
    metrics.watch(predictor);
    metrics.markUp();
    metrics.markUp({ model: "price", version: "1" });
    expect(metrics.snapshot().service.availability.time.state).toBe("down");
  });

  test("without predictors, marks alone measure", () => {
    const { metrics, environment } = setUp();
    metrics.record(success());
    environment.advance(1_000);
    expect(metrics.snapshot().service.availability.time.ratio).toBeNull();
    metrics.markUp();
    environment.advance(3_000);
    metrics.markDown();
    environment.advance(1_000);
    expect(metrics.snapshot().service.availability.time).toMatchObject({ ratio: 0.75, outages: 1 });
    expect(modelSnapshot(metrics).availability.time.state).toBe("unknown");
  });

  test("what is no more watched is no more measured", () => {
    const { metrics, environment } = setUp();
    const predictor = new ScriptedPredictor();
    const unwatch = metrics.watch(predictor);
    environment.advance(1_000);
    unwatch();
    predictor.become({ status: "closed" });
    environment.advance(9_000);
    expect(modelSnapshot(metrics).availability.time).toEqual({
      ratio: 1,
      upMs: 1_000,
      downMs: 0,
      outages: 0,
      state: "unknown",
    });
    expect(metrics.snapshot().service.availability.time.state).toBe("unknown");
  });

  test("a predictor that cannot tell its health is down; isUp may see it otherwise", () => {
    const { metrics } = setUp();
    const predictor = new ScriptedPredictor();
    predictor.health = () => {
      throw new Error("no health");
    };
    metrics.watch(predictor);
    expect(modelSnapshot(metrics)).toMatchObject({
      predictors: 1,
      queued: 0,
      availability: { time: { state: "down" } },
    });
    const lenient = setUp({ isUp: ({ status }) => status !== "closed" }).metrics;
    const closing = new ScriptedPredictor();
    closing.become({ status: "closing" });
    lenient.watch(closing);
    expect(modelSnapshot(lenient).availability.time.state).toBe("up");
  });
});

describe("watching", () => {
  test("adds up the load of the predictors of a version", () => {
    const { metrics } = setUp();
    const [one, two] = [new ScriptedPredictor(), new ScriptedPredictor()];
    const unwatch = metrics.watch(one);
    metrics.watch(two);
    one.become({ queued: 3, running: 1 });
    two.become({ queued: 4, running: 2 });
    expect(modelSnapshot(metrics)).toMatchObject({ predictors: 2, queued: 7, running: 3 });
    expect(metrics.snapshot().service).toMatchObject({ queued: 7, running: 3 });
    unwatch();
    expect(modelSnapshot(metrics)).toMatchObject({ predictors: 1, queued: 4, running: 2 });
  });

  test("tells what each observer threw and did not hear of, as far as it was watched", () => {
    const { metrics } = setUp();
    const [one, two] = [new ScriptedPredictor(), new ScriptedPredictor()];
    const observer = (name: string, errors: number, drops: number): ObserverHealth => {
      return { name, observing: 1, pending: 0, errors, drops };
    };
    one.become({ observerErrors: 100, observers: [observer("audit", 100, 7)] });
    const unwatch = metrics.watch(one);
    metrics.watch(two);
    one.become({ observerErrors: 104, observers: [observer("audit", 103, 9), observer("drift", 1, 0)] });
    two.become({ observerErrors: 1, observers: [observer("audit", 1, 0)] });
    const known = { audit: { errors: 4, drops: 2 }, drift: { errors: 1, drops: 0 } };
    expect(modelSnapshot(metrics).observers).toEqual(known);
    expect(metrics.toPrometheus()).toContain(
      'mlops_observer_drops_total{model="price",version="1",observer="audit"} 2\n',
    );
    one.become({ observers: [observer("audit", 103, 9), observer("drift", 3, 0)] });
    unwatch();
    one.become({ observers: [observer("audit", 500, 9)] });
    expect(modelSnapshot(metrics).observers).toEqual({ ...known, drift: { errors: 3, drops: 0 } });
  });

  test("lays to nobody's account what a predictor does not", () => {
    const { metrics } = setUp();
    const predictor = new ScriptedPredictor();
    predictor.become({ observerErrors: 3 });
    metrics.watch(predictor);
    predictor.become({ observerErrors: 5 });
    expect(modelSnapshot(metrics).observers).toEqual({ unnamed: { errors: 2, drops: 0 } });
  });

  test("bounds the names of observers, and loses no count", () => {
    const { metrics } = setUp();
    const predictor = new ScriptedPredictor();
    metrics.watch(predictor);
    const names = [...Array.from({ length: 50 }, (_, index) => `observer ${index}`), "\ud800"];
    predictor.become({
      observerErrors: names.length,
      observers: names.map((name) => ({ name, observing: 1, pending: 0, errors: 1, drops: 2 })),
    });
    const { observers } = modelSnapshot(metrics);
    expect(Object.keys(observers)).toHaveLength(33);
    expect(observers["other"]).toEqual({ errors: 19, drops: 38 });
  });

  test("hears of every event, however many come at once", () => {
    const { metrics } = setUp();
    const predictor = new ScriptedPredictor();
    metrics.watch(predictor);
    expect(predictor.observedWith).toEqual({ name: "service-metrics", maxPending: Infinity });
  });

  test("twice counts once, until both are ended; ending twice ends one", () => {
    const { metrics } = setUp();
    const predictor = new ScriptedPredictor();
    const [endOne, endOther] = [metrics.watch(predictor), metrics.watch(predictor)];
    predictor.tell(success());
    endOne();
    endOne();
    predictor.tell(success());
    expect(predictor.observerCount).toBe(1);
    endOther();
    expect(predictor.observerCount).toBe(0);
    expect(modelSnapshot(metrics)).toMatchObject({ requests: 2, predictors: 0 });
  });

  test("a composition's events count for the model that they name", () => {
    const { metrics } = setUp();
    const rollout = new ScriptedPredictor("price", "rollout");
    metrics.watch(rollout);
    rollout.tell(success({ version: "2" }));
    expect([
      modelSnapshot(metrics, "price", "2").requests,
      modelSnapshot(metrics, "price", "rollout").requests,
    ]).toEqual([1, 0]);
  });
});

describe("memory", () => {
  test("series are bounded, and the rest shares one", () => {
    const { metrics } = setUp({ maxSeries: 3 });
    for (let index = 0; index < 1_000; index += 1) metrics.record(success({ version: `v${index}` }));
    metrics.watch(new ScriptedPredictor("late", "1"));
    const { models } = metrics.snapshot();
    expect(models.map(({ model, version, requests }) => [model, version, requests])).toEqual([
      ["price", "v0", 1],
      ["price", "v1", 1],
      ["price", "v2", 1],
      ["other", "other", 997],
    ]);
    expect(models[3]).toMatchObject({ predictors: 1 });
  });

  test("a model that is called other is one of the rest, and names that are too long or no text too", () => {
    const { metrics } = setUp();
    for (const model of ["other", "x".repeat(257), "\ud800", 7 as unknown as string]) {
      metrics.record(success({ model, version: "other" }));
    }
    expect(metrics.snapshot().models).toMatchObject([{ model: "other", version: "other", requests: 4 }]);
  });

  test("forgetting makes room, but not for what is watched or unknown", () => {
    const { metrics } = setUp({ maxSeries: 2 });
    const predictor = new ScriptedPredictor("kept");
    const unwatch = metrics.watch(predictor);
    metrics.record(success({ model: "old" }));
    metrics.record(success({ model: "new" }));
    const kept = { model: "kept", version: "1" };
    expect([metrics.forget(kept), metrics.forget({ model: "none", version: "1" })]).toEqual([false, false]);
    expect(metrics.forget({ model: "old", version: "1" })).toBe(true);
    metrics.record(success({ model: "new" }));
    expect(metrics.snapshot().models.map(({ model, requests }) => [model, requests])).toEqual([
      ["kept", 0],
      ["other", 1],
      ["new", 1],
    ]);
    unwatch();
    expect([metrics.forget(kept), metrics.forget({ model: "other", version: "other" })]).toEqual([
      true,
      true,
    ]);
    metrics.record(success({ model: "new" }));
    expect(modelSnapshot(metrics, "new").requests).toBe(2);
  });
});

test("what was forgotten begins anew", () => {
  const { metrics } = setUp();
  metrics.record(success());
  expect(metrics.forget({ model: "price", version: "1" })).toBe(true);
  expect(metrics.snapshot().models).toEqual([]);
  metrics.record(success());
  expect(modelSnapshot(metrics).requests).toBe(1);
});

describe("closing", () => {
  test("stops the measurement of the event loop, which the first watch or reading starts", () => {
    const enabled = new Set<object>();
    const monitorEventLoopDelay = (): object => {
      const histogram = {
        max: 0,
        enable: () => enabled.add(histogram),
        disable: () => enabled.delete(histogram),
      };
      return histogram;
    };
    vi.stubGlobal("process", { getBuiltinModule: () => ({ monitorEventLoopDelay }) });
    const metrics = createServiceMetrics();
    metrics.record(success());
    expect(enabled.size).toBe(0);
    metrics.watch(new ScriptedPredictor());
    metrics.snapshot();
    expect(enabled.size).toBe(2);
    metrics.close();
    metrics.snapshot();
    expect(enabled.size).toBe(0);
    createServiceMetrics({ eventLoopDelay: false }).snapshot();
    expect(enabled.size).toBe(0);
    vi.unstubAllGlobals();
  });

  test("ends watches, records no more, and leaves what is known to be read", () => {
    const { metrics, environment } = setUp();
    const predictor = new ScriptedPredictor();
    const unwatch = metrics.watch(predictor);
    predictor.tell(success());
    environment.advance(1_000);
    metrics.close();
    metrics.close();
    unwatch();
    metrics.markDown();
    metrics.record(success());
    environment.advance(1_000);
    expect(predictor.observerCount).toBe(0);
    expect(modelSnapshot(metrics)).toMatchObject({
      requests: 1,
      availability: { time: { upMs: 1_000, downMs: 0 } },
    });
    expect(modelSnapshot(metrics).throughput.sinceStart.requestsPerSecond).toBe(1);
    expect(metrics.toPrometheus()).toContain("mlops_predictions_total");
    expect(() => metrics.watch(predictor)).toThrow(UnsupportedError);
  });

  test("lets availability stand still, also of what was marked", () => {
    const { metrics, environment } = setUp();
    metrics.markUp();
    metrics.markDown({ model: "price", version: "1" });
    environment.advance(1_000);
    metrics.close();
    environment.advance(9_000);
    metrics.sampleHealth();
    expect(metrics.snapshot().service.availability.time).toMatchObject({ upMs: 0, downMs: 1_000 });
    expect(modelSnapshot(metrics).availability.time).toMatchObject({ upMs: 0, downMs: 1_000 });
  });

  test("comes with the end of the scope", () => {
    const predictor = new ScriptedPredictor();
    {
      using metrics = setUp().metrics;
      metrics.watch(predictor);
      expect(predictor.observerCount).toBe(1);
    }
    expect(predictor.observerCount).toBe(0);
  });
});

test("a snapshot is plain JSON", () => {
  const { metrics } = setUp({ windowMs: Infinity });
  metrics.watch(new ScriptedPredictor());
  metrics.record(failure("OVERLOADED"));
  const snapshot = metrics.snapshot({ sketches: true });
  expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
});

test.each<ServiceMetricsOptions>([
  { percentiles: [101] },
  { percentiles: [NaN] },
  { windowRequests: 0 },
  { windowRequests: 1e9 },
  { windowMs: 0 },
  { windowMs: NaN },
  { relativeAccuracy: 1 },
  { maxSeries: 0 },
  { durationBucketsSeconds: [] },
  { batchRowsBuckets: [2, 1] },
])("%j are no options, from the start", (options) => {
  expect(() => createServiceMetrics(options)).toThrow(InvalidOptionsError);
});

describe("with real predictors", () => {
  test("what an asynchronous observer rejects with and does not hear of is in the text", async () => {
    const { predictor, predictTensors, environment } = await setUpTensors();
    const { metrics } = setUp({ environment });
    const end = metrics.watch(predictor);
    const audit = (): Promise<never> => settled().then(() => Promise.reject(new Error("the disk is full")));
    predictor.observe(audit, { maxPending: 2 });
    for (const value of [1, 2, 3]) await predictTensors(rows(value));
    environment.runDeferred();
    await settled();
    await settled();
    end();
    expect(metrics.toPrometheus().match(/^mlops_observer.*audit.*$/gm)).toEqual([
      'mlops_observer_errors_total{model="doubling",version="1.2.3",observer="audit"} 2',
      'mlops_observer_drops_total{model="doubling",version="1.2.3",observer="audit"} 1',
    ]);
    expect(modelSnapshot(metrics, "doubling", "1.2.3").requests).toBe(3);
  });

  test("many requests at once, some of which fail, all count once", async () => {
    const { predictor, predictTensors, session, environment } = await setUpTensors({ hold: true });
    const metrics = createServiceMetrics({ environment, eventLoopDelay: false });
    metrics.watch(predictor);
    const controller = new AbortController();
    const answers = [
      ...Array.from({ length: 20 }, (_, index) => predictTensors(rows(index))),
      predictTensors(rows(1), { signal: controller.signal }),
      predictTensors({}),
    ].map((answer) =>
      answer.then(
        () => "success",
        (error: unknown) => (error as MlopsError).code,
      ),
    );
    await settled();
    const { queued, running } = modelSnapshot(metrics, "doubling", "1.2.3");
    expect(queued + running).toBeGreaterThan(0);
    controller.abort();
    await settled();
    let isFirst = true;
    while (session.heldRuns.length > 0) {
      environment.advance(5);
      if (isFirst) session.heldRuns[0]!.fail(new Error("out of memory"));
      else session.heldRuns[0]!.finish();
      isFirst = false;
      await settled();
    }
    const outcomes = await Promise.all(answers);
    environment.runDeferred();
    const model = modelSnapshot(metrics, "doubling", "1.2.3");
    const counts: Record<string, number> = {};
    for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
    const { success: successes = 0, ...failed } = counts;
    expect(model).toMatchObject({
      requests: 22,
      successes,
      rows: successes,
      queued: 0,
      running: 0,
      predictors: 1,
    });
    expect(model.failures).toEqual(failed);
    expect(failed).toMatchObject({ ABORTED: 1, TENSOR_NAME_MISMATCH: 1 });
    expect(model.latency.allTime.total.count).toBe(successes);
    expect(model.invalidMeasurements).toBe(0);
    expect(model.batches).toBeLessThanOrEqual(successes);
    await predictor.close();
    expect(modelSnapshot(metrics, "doubling", "1.2.3").availability.time.state).toBe("down");
  });

  test("on the host's own clock, with its event loop", async () => {
    const event: MetricsEvent = success({ totalMs: 1 });
    using metrics = createServiceMetrics();
    metrics.watch(new ScriptedPredictor());
    metrics.record(event);
    await new Promise((resolve) => setTimeout(resolve, 60));
    const { eventLoopDelay, models } = metrics.snapshot();
    expect(eventLoopDelay).toMatchObject({ p50Ms: expect.any(Number), maxMs: expect.any(Number) });
    expect(models[0]!.throughput.window.requestsPerSecond).toBeGreaterThan(0);
    expect(metrics.toPrometheus()).toContain("mlops_event_loop_delay_p99_seconds ");
  });
});

// Known only to the type checker: what the library's own predictors tell is what is recorded.
test("every predictor can be watched", async () => {
  const { predictor } = await setUpTensors();
  const { metrics } = setUp();
  const events: MetricsEvent[] = [];
  predictor.observe((event) => events.push(event));
  expect(metrics.watch(predictor)).toBeTypeOf("function");
  await predictor.close();
});
