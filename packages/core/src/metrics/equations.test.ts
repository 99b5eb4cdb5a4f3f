import fc from "fast-check";
import { expect, test } from "vitest";
import { FakeEnvironment } from "../predictor/fake-environment.fixtures.ts";
import { createServiceMetrics } from "./create-service-metrics.ts";
import { failure, ScriptedPredictor, success } from "./metrics-event.fixtures.ts";

// Equations A, B and C from end to end, against plain sums over all that happened.

/** `⌈p·N/100⌉` in whole numbers, with `p` in tenths. */
function rankOf(tenths: number, count: number): number {
  return Number((BigInt(tenths) * BigInt(count) + 999n) / 1_000n);
}

test.each([1, 7, 10, 100, 999, 1_000, 2_000, 2_048])(
  "B: of %d latencies every percentile to a tenth is the value of its rank, also where p·N/100 is whole",
  (count) => {
    const tenths = Array.from({ length: 1_000 }, (_, index) => index + 1);
    const percentiles = tenths.map((tenth) => tenth / 10);
    const metrics = createServiceMetrics({
      percentiles,
      windowRequests: 2_048,
      environment: new FakeEnvironment(),
      eventLoopDelay: false,
    });
    // Latency r has the rank r. They come from the slowest to the quickest.
    for (let totalMs = count; totalMs >= 1; totalMs -= 1) metrics.record(success({ totalMs }));
    const { ms } = metrics.snapshot().models[0]!.latency.window.total;
    expect(Object.values(ms)).toEqual(tenths.map((tenth) => rankOf(tenth, count)));
    expect([ms["p99.9"], ms["p50"], ms["p100"]]).toEqual([rankOf(999, count), rankOf(500, count), count]);
  },
);

const statuses = ["ready", "closing", "closed"] as const;
const names = ["price", "emotion"] as const;
const step = fc.record({
  afterMs: fc.nat(500),
  name: fc.constantFrom(...names),
  what: fc.oneof(
    { weight: 6, arbitrary: fc.record({ totalMs: fc.nat(400), rows: fc.integer({ min: 1, max: 9 }) }) },
    { weight: 2, arbitrary: fc.constantFrom("OVERLOADED", "BACKEND_FAILED", "INVALID_INPUT", "ABORTED") },
    { weight: 2, arbitrary: fc.record({ status: fc.constantFrom(...statuses), queued: fc.nat(20) }) },
  ),
});

test("A, B, C and the load: any traffic of two models gives what adding it up by hand gives", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), fc.integer({ min: 1, max: 500 }), (steps, lastMs) => {
      const environment = new FakeEnvironment();
      const metrics = createServiceMetrics({ environment, eventLoopDelay: false, windowMs: Infinity });
      const predictors = { price: new ScriptedPredictor("price"), emotion: new ScriptedPredictor("emotion") };
      for (const name of names) metrics.watch(predictors[name]);
      const byHand = names.map((name) => {
        return { name, upMs: 0, latencies: [] as number[], faults: 0, excluded: 0, rows: 0 };
      });
      let [elapsedMs, serviceUpMs] = [0, 0];
      const pass = (byMs: number): void => {
        environment.advance(byMs);
        elapsedMs += byMs;
        const areUp = names.map((name) => predictors[name].current.status === "ready");
        for (const [index, one] of byHand.entries()) one.upMs += areUp[index] ? byMs : 0;
        serviceUpMs += areUp.every(Boolean) ? byMs : 0;
      };
      for (const { afterMs, name, what } of steps) {
        pass(afterMs);
        const own = byHand[names.indexOf(name)]!;
        if (typeof what === "string") {
          predictors[name].tell(failure(what, { model: name }));
          if (what === "INVALID_INPUT" || what === "ABORTED") own.excluded += 1;
          else own.faults += 1;
        } else if ("status" in what) {
          predictors[name].become(what);
          metrics.sampleHealth();
        } else {
          predictors[name].tell(success({ model: name, ...what }));
          own.latencies.push(what.totalMs);
          own.rows += what.rows;
        }
      }
      pass(lastMs);

      const { models, service } = metrics.snapshot();
      for (const [index, { name, upMs, latencies, faults, excluded, rows }] of byHand.entries()) {
        const { availability, latency, throughput, batches, ...model } = models[index]!;
        const sorted = latencies.toSorted((a, b) => a - b);
        const answered = latencies.length + faults;
        expect(model).toMatchObject({ model: name, queued: predictors[name].current.queued, rows });
        // Each request is a batch of its own here.
        expect(batches).toBe(latencies.length);
        expect(availability.time).toMatchObject({ upMs, downMs: elapsedMs - upMs, ratio: upMs / elapsedMs });
        expect(availability.requests).toEqual({
          ratio: answered === 0 ? null : latencies.length / answered,
          successes: latencies.length,
          faults,
          excluded,
        });
        expect(Object.values(latency.window.total.ms)).toEqual(
          [500, 900, 950, 990].map((tenths) => sorted[rankOf(tenths, sorted.length) - 1] ?? null),
        );
        expect(throughput.window).toEqual({
          requestsPerSecond: ((answered + excluded) * 1_000) / elapsedMs,
          successesPerSecond: (latencies.length * 1_000) / elapsedMs,
          rowsPerSecond: (rows * 1_000) / elapsedMs,
          overMs: elapsedMs,
        });
      }
      const total = (of: (one: (typeof byHand)[number]) => number): number =>
        byHand.reduce((sum, one) => sum + of(one), 0);
      const successes = total(({ latencies }) => latencies.length);
      const faults = total((one) => one.faults);
      expect(service.availability.time).toMatchObject({ upMs: serviceUpMs, ratio: serviceUpMs / elapsedMs });
      expect(service.availability.requests.ratio).toBe(
        successes + faults === 0 ? null : successes / (successes + faults),
      );
      const requestsPerSecond =
        ((successes + faults + total(({ excluded }) => excluded)) * 1_000) / elapsedMs;
      expect(service.throughput.window.requestsPerSecond).toBeCloseTo(requestsPerSecond, 9);
      expect(service.throughput.sinceStart.requestsPerSecond).toBeCloseTo(requestsPerSecond, 9);
      expect(service.queued).toBe(names.reduce((sum, name) => sum + predictors[name].current.queued, 0));
    }),
    { seed: 20_261_123, numRuns: 200 },
  );
});
