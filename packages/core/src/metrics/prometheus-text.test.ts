import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FakeEnvironment } from "../predictor/fake-environment.fixtures.ts";
import { failure, ScriptedPredictor, success } from "./metrics-event.fixtures.ts";
import { parsePrometheusText, type ParsedSample } from "./prometheus-parser.fixtures.ts";
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

const samplesOf = (metrics: ServiceMetrics, family: string): readonly ParsedSample[] =>
  parsePrometheusText(metrics.toPrometheus()).get(family)?.samples ?? [];

test("the whole text of a small service", () => {
  const { metrics, environment } = setUp({
    percentiles: [50, 99.9],
    durationBucketsSeconds: [0.01, 0.1],
    batchRowsBuckets: [1, 8],
  });
  const predictor = new ScriptedPredictor();
  metrics.watch(predictor);
  predictor.tell(success({ totalMs: 10, queueMs: 2, runMs: 8, rows: 1, batchRows: 4 }));
  predictor.tell(success({ totalMs: 50, queueMs: 0, runMs: 50, rows: 3, batchRows: 4 }));
  predictor.tell(failure("OVERLOADED", { totalMs: 0 }));
  predictor.tell(success({ totalMs: NaN }));
  environment.advance(9_000);
  const observers = [{ name: "audit", observing: 1, pending: 0, errors: 2, drops: 3 }];
  predictor.become({ status: "closing", queued: 5, running: 1, observerErrors: 2, observers });
  metrics.sampleHealth();
  environment.advance(1_000);
  expect(metrics.toPrometheus()).toMatchInlineSnapshot(`
    "# HELP mlops_predictions_total Predictions that ended, by outcome (success or failure) and the failure's error code.
    # TYPE mlops_predictions_total counter
    mlops_predictions_total{model="price",version="1",outcome="success"} 3
    mlops_predictions_total{model="price",version="1",outcome="failure",code="OVERLOADED"} 1
    # HELP mlops_prediction_duration_seconds Time from a request to its answer, by outcome.
    # TYPE mlops_prediction_duration_seconds histogram
    mlops_prediction_duration_seconds_bucket{model="price",version="1",outcome="success",le="0.01"} 1
    mlops_prediction_duration_seconds_bucket{model="price",version="1",outcome="success",le="0.1"} 2
    mlops_prediction_duration_seconds_bucket{model="price",version="1",outcome="success",le="+Inf"} 2
    mlops_prediction_duration_seconds_sum{model="price",version="1",outcome="success"} 0.060000000000000005
    mlops_prediction_duration_seconds_count{model="price",version="1",outcome="success"} 2
    mlops_prediction_duration_seconds_bucket{model="price",version="1",outcome="failure",le="0.01"} 1
    mlops_prediction_duration_seconds_bucket{model="price",version="1",outcome="failure",le="0.1"} 1
    mlops_prediction_duration_seconds_bucket{model="price",version="1",outcome="failure",le="+Inf"} 1
    mlops_prediction_duration_seconds_sum{model="price",version="1",outcome="failure"} 0
    mlops_prediction_duration_seconds_count{model="price",version="1",outcome="failure"} 1
    # HELP mlops_prediction_queue_duration_seconds Time that successful predictions waited to run.
    # TYPE mlops_prediction_queue_duration_seconds histogram
    mlops_prediction_queue_duration_seconds_bucket{model="price",version="1",le="0.01"} 2
    mlops_prediction_queue_duration_seconds_bucket{model="price",version="1",le="0.1"} 2
    mlops_prediction_queue_duration_seconds_bucket{model="price",version="1",le="+Inf"} 2
    mlops_prediction_queue_duration_seconds_sum{model="price",version="1"} 0.002
    mlops_prediction_queue_duration_seconds_count{model="price",version="1"} 2
    # HELP mlops_prediction_run_duration_seconds Time of the run that successful predictions were in.
    # TYPE mlops_prediction_run_duration_seconds histogram
    mlops_prediction_run_duration_seconds_bucket{model="price",version="1",le="0.01"} 1
    mlops_prediction_run_duration_seconds_bucket{model="price",version="1",le="0.1"} 2
    mlops_prediction_run_duration_seconds_bucket{model="price",version="1",le="+Inf"} 2
    mlops_prediction_run_duration_seconds_sum{model="price",version="1"} 0.058
    mlops_prediction_run_duration_seconds_count{model="price",version="1"} 2
    # HELP mlops_prediction_window_duration_seconds Time from a request to its answer: nearest-rank quantiles of the successes of the last requests.
    # TYPE mlops_prediction_window_duration_seconds summary
    mlops_prediction_window_duration_seconds{model="price",version="1",quantile="0.5"} 0.01
    mlops_prediction_window_duration_seconds{model="price",version="1",quantile="0.999"} 0.05
    mlops_prediction_window_duration_seconds_sum{model="price",version="1"} 0.060000000000000005
    mlops_prediction_window_duration_seconds_count{model="price",version="1"} 2
    # HELP mlops_prediction_batch_rows Rows of the batch that a successful prediction ran in, one observation a prediction.
    # TYPE mlops_prediction_batch_rows histogram
    mlops_prediction_batch_rows_bucket{model="price",version="1",le="1"} 0
    mlops_prediction_batch_rows_bucket{model="price",version="1",le="8"} 2
    mlops_prediction_batch_rows_bucket{model="price",version="1",le="+Inf"} 2
    mlops_prediction_batch_rows_sum{model="price",version="1"} 8
    mlops_prediction_batch_rows_count{model="price",version="1"} 2
    # HELP mlops_prediction_rows_total Rows of successful predictions.
    # TYPE mlops_prediction_rows_total counter
    mlops_prediction_rows_total{model="price",version="1"} 4
    # HELP mlops_prediction_batches_total Batches that ran: the sum of rows / rows of the batch over successful predictions.
    # TYPE mlops_prediction_batches_total counter
    mlops_prediction_batches_total{model="price",version="1"} 1
    # HELP mlops_predictions_queued Predictions that wait to run.
    # TYPE mlops_predictions_queued gauge
    mlops_predictions_queued{model="price",version="1"} 5
    # HELP mlops_predictions_running Predictions that are running.
    # TYPE mlops_predictions_running gauge
    mlops_predictions_running{model="price",version="1"} 1
    # HELP mlops_model_up 1 while a model's version takes requests, else 0. None for what is neither watched nor marked.
    # TYPE mlops_model_up gauge
    mlops_model_up{model="price",version="1"} 0
    # HELP mlops_model_up_seconds_total Time for which a model's version was up.
    # TYPE mlops_model_up_seconds_total counter
    mlops_model_up_seconds_total{model="price",version="1"} 9
    # HELP mlops_model_down_seconds_total Time for which a model's version was down.
    # TYPE mlops_model_down_seconds_total counter
    mlops_model_down_seconds_total{model="price",version="1"} 1
    # HELP mlops_service_up 1 while every model has a version that is up, else 0. None while nothing is watched or marked.
    # TYPE mlops_service_up gauge
    mlops_service_up 0
    # HELP mlops_service_up_seconds_total Time for which the service was up.
    # TYPE mlops_service_up_seconds_total counter
    mlops_service_up_seconds_total 9
    # HELP mlops_service_down_seconds_total Time for which the service was down.
    # TYPE mlops_service_down_seconds_total counter
    mlops_service_down_seconds_total 1
    # HELP mlops_observer_errors_total Errors that observers of the watched predictors threw or rejected with, by observer.
    # TYPE mlops_observer_errors_total counter
    mlops_observer_errors_total{model="price",version="1",observer="audit"} 2
    # HELP mlops_observer_drops_total Predictions that observers of the watched predictors were too slow to hear of, by observer.
    # TYPE mlops_observer_drops_total counter
    mlops_observer_drops_total{model="price",version="1",observer="audit"} 3
    # HELP mlops_invalid_measurements_total Predictions whose times or rows were NaN, negative or above 2^53, and so are in no histogram.
    # TYPE mlops_invalid_measurements_total counter
    mlops_invalid_measurements_total{model="price",version="1"} 1
    "
  `);
  parsePrometheusText(metrics.toPrometheus());
});

test("metrics of nothing are a text too", () => {
  expect(metricsNames(setUp().metrics.toPrometheus())).toEqual([
    "mlops_service_up_seconds_total",
    "mlops_service_down_seconds_total",
  ]);
});

const metricsNames = (text: string): string[] => [...parsePrometheusText(text).keys()];

describe("hostile names", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({
      unit: fc.constantFrom("\\", '"', "\n", "\r", "{", "}", ",", "=", " ", "#", "\0", "n", "\u2028", "🦊"),
    }),
    fc.constantFrom("__proto__", "constructor", "other", "\ud800", "\udc00", "x".repeat(1_000)),
  );

  test("come back from a parser as they were, or count as other", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(hostile, hostile), { maxLength: 12 }), (names) => {
        const { metrics } = setUp();
        for (const [model, version] of names) metrics.record(success({ model, version }));
        const samples = samplesOf(metrics, "mlops_predictions_total");
        const own = new Set(names.map(([model, version]) => JSON.stringify([model, version])));
        for (const { labels } of samples) {
          const { model, version } = labels;
          if (model === "other" && version === "other") continue;
          expect(own).toContain(JSON.stringify([model, version]));
        }
        expect(samples.reduce((sum, { value }) => sum + value, 0)).toBe(names.length);
      }),
    );
  });

  test("are escaped as the format says", () => {
    const { metrics } = setUp();
    metrics.record(success({ model: 'a"b\\c\nd', version: "\\n" }));
    expect(metrics.toPrometheus()).toContain(
      String.raw`mlops_predictions_total{model="a\"b\\c\nd",version="\\n",outcome="success"} 1`,
    );
  });

  test("of an error code never become a label", () => {
    const { metrics } = setUp();
    for (let index = 0; index < 100; index += 1) metrics.record(failure(`attack ${index}`));
    expect(samplesOf(metrics, "mlops_predictions_total").map(({ labels }) => labels["code"])).toEqual([
      undefined,
      "OTHER",
    ]);
  });
});

test("any traffic gives a text that parses, with counters that never fall", () => {
  const number = fc.oneof(fc.double(), fc.constantFrom(0, -0, NaN, Infinity, -1, Number.MAX_VALUE, 5e-324));
  const event = fc.record({
    model: fc.constantFrom("a", "b"),
    outcome: fc.constantFrom("success" as const, "failure" as const),
    code: fc.constantFrom("ABORTED", "OVERLOADED", "?"),
    totalMs: number,
    queueMs: number,
    runMs: number,
    rows: number,
    batchRows: fc.option(number, { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(event, fc.nat(50)), { maxLength: 40 }), (events) => {
      const { metrics, environment } = setUp({ windowRequests: 5, windowMs: 100 });
      const before = new Map<string, number>();
      for (const [{ code, ...fields }, afterMs] of events) {
        environment.advance(afterMs);
        metrics.record(success({ ...fields, error: { code } }));
        for (const [name, { type, samples }] of parsePrometheusText(metrics.toPrometheus())) {
          if (type === "gauge") continue;
          for (const { name: own, labels, value } of samples) {
            if (type === "summary" && own === name) continue;
            const identity = `${own} ${JSON.stringify(labels)}`;
            expect(value, identity).toBeGreaterThanOrEqual(before.get(identity) ?? 0);
            before.set(identity, value);
          }
        }
      }
    }),
    { numRuns: 50 },
  );
});

test("the parser of these tests objects to what Prometheus objects to", () => {
  const family = "# HELP a_total Counts.\n# TYPE a_total counter\n";
  const histogram = "# HELP a H.\n# TYPE a histogram\n";
  for (const [text, problem] of [
    [`${family}a_total 1`, "does not end"],
    [`${family}a_total{b="c} 1\n`, "No label"],
    [`${family}a_total{b="\\x"} 1\n`, "No label"],
    [`${family}a_total{b="c",b="d"} 1\n`, "twice"],
    [`${family}a_total one\n`, "No value"],
    [`${family}a_total 1\na_total 2\n`, "twice"],
    [`${family}b_total 1\n`, "outside its family"],
    [`${family}a_total -1\n`, "counts -1"],
    [family, "no samples"],
    [`${family}a_total 1\n${family}`, "comes twice"],
    ["# TYPE a gauge\na 1\n", "without its HELP"],
    ["# HELP a Counts.\n# TYPE a counter\na 1\n", "end with _total"],
    [`${histogram}a_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n`, "not cumulative"],
    [`${histogram}a_bucket{le="1"} 1\na_sum 1\na_count 1\n`, "no +Inf"],
    [`${histogram}a_bucket{le="+Inf"} 1\na_count 1\n`, "no sum"],
    ['# HELP a H.\n# TYPE a gauge\na{quantile="1"} 1\n', "outside a summary"],
  ] as const) {
    expect(() => parsePrometheusText(text), text).toThrow(problem);
  }
});
