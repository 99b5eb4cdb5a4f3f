import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { type ErrorCode, errorCodes } from "../errors/error-codes.ts";
import { OverloadedError } from "../errors/overloaded-error.ts";
import { WorkerLostError } from "../errors/worker-lost-error.ts";
import { FakeEnvironment, settled } from "../predictor/fake-environment.fixtures.ts";
import { FakePredictor, type FakePredictorOptions, watch } from "./fake-predictor.fixtures.ts";
import { retrying, type RetryingOptions } from "./retrying.ts";

function setUp(options: RetryingOptions = {}, fake: FakePredictorOptions<number, number> = {}) {
  const environment = new FakeEnvironment();
  const inner = new FakePredictor({ environment, ...fake });
  const composed = retrying(inner.predictor, { environment, random: () => 0.5, ...options });
  /** Fails the request that is waiting. */
  const fail = async (error: unknown = lost): Promise<void> => {
    await settled();
    inner.calls.at(-1)!.fail(error);
    await settled();
  };
  return { inner, composed, environment, fail };
}

const lost = new WorkerLostError({ problem: "it is gone" });

describe("retrying()", () => {
  test("waits between attempts, longer each time, by a random part of the bound", async () => {
    const { inner, composed, environment, fail } = setUp({
      attempts: 5,
      backoff: { initialMs: 100, factor: 3, maxMs: 400 },
    });
    const outcome = watch(composed.predict(1, { key: "k" }));
    for (const waitMs of [50, 150, 200, 200]) {
      const asked = inner.calls.length;
      await fail();
      environment.advance(waitMs - 1);
      await settled();
      expect(inner.calls).toHaveLength(Math.max(asked, 1));
      environment.advance(1);
      await settled();
      expect(inner.calls).toHaveLength(Math.max(asked, 1) + 1);
    }
    await fail();
    expect(outcome.error).toBe(lost);
    expect(inner.calls).toHaveLength(5);
    for (const { input, options } of inner.calls) expect([input, options.key]).toEqual([1, "k"]);
    expect(environment.timerCount).toBe(0);
  });

  test("gives the first answer that comes", async () => {
    const { inner, composed, environment, fail } = setUp();
    const outcome = watch(composed.predict(1));
    await fail();
    environment.advance(25);
    await settled();
    inner.calls[1]!.answer(8);
    await settled();
    expect(outcome.output).toBe(8);
  });

  const codes = Object.keys(errorCodes) as ErrorCode[];
  test.each(codes)("tries %s again exactly when the table calls it retryable", async (code) => {
    const { inner, composed, environment, fail } = setUp();
    void watch(composed.predict(1));
    // Any error with the code will do: the code alone decides.
    await fail(
      Object.defineProperty(new WorkerLostError({ problem: "it is gone" }), "code", { value: code }),
    );
    environment.advance(1_000);
    await settled();
    expect(inner.calls).toHaveLength(errorCodes[code].retryable ? 2 : 1);
  });

  test("does not try an untyped error again, unless `when` says so", async () => {
    const { inner, composed, fail } = setUp();
    const outcome = watch(composed.predict(1));
    await fail(new Error("boom"));
    expect(outcome.error).toMatchObject({ code: "BACKEND_FAILED", problem: "boom" });
    expect(inner.calls).toHaveLength(1);
    const willing = setUp({ when: ({ code }) => code === "BACKEND_FAILED" });
    void watch(willing.composed.predict(1));
    await willing.fail(new Error("boom"));
    willing.environment.advance(25);
    await settled();
    expect(willing.inner.calls).toHaveLength(2);
  });

  test("waits for at least what an overloaded model asks for", async () => {
    const { inner, composed, environment, fail } = setUp();
    void watch(composed.predict(1));
    await fail(new OverloadedError({ model: "m", reason: "queue-full", retryAfterMs: 300 }));
    environment.advance(324);
    await settled();
    expect(inner.calls).toHaveLength(1);
    environment.advance(1);
    await settled();
    expect(inner.calls).toHaveLength(2);
  });

  test("waits for that also when the bound is 0 times more than a number holds", async () => {
    const { inner, composed, environment, fail } = setUp({
      attempts: 4,
      backoff: { initialMs: 0, factor: 1e200 },
    });
    void watch(composed.predict(1));
    for (let attempt = 1; attempt < 4; attempt += 1) {
      await fail(new OverloadedError({ model: "m", reason: "queue-full", retryAfterMs: 300 }));
      environment.advance(299);
      await settled();
      expect(inner.calls).toHaveLength(attempt);
      environment.advance(1);
    }
  });

  test("fails at once when the wait would outlast the deadline", async () => {
    const { composed, environment, fail } = setUp();
    const late = watch(composed.predict(1, { deadline: environment.now() + 25 }));
    await fail();
    expect(late.error).toBe(lost);
    const inTime = watch(composed.predict(1, { deadline: environment.now() + 26 }));
    await fail();
    expect(inTime.isSettled).toBe(false);
  });

  test("ends a wait at once when the caller aborts", async () => {
    const { inner, composed, environment, fail } = setUp();
    const controller = new AbortController();
    const outcome = watch(composed.predict(1, { signal: controller.signal }));
    await fail();
    expect(environment.timerCount).toBe(1);
    controller.abort("enough");
    await settled();
    expect(outcome.error).toMatchObject({ code: "ABORTED", cause: "enough" });
    expect(environment.timerCount).toBe(0);
    environment.advance(1_000);
    await settled();
    expect(inner.calls).toHaveLength(1);
  });

  test("does not ask again once the caller has aborted", async () => {
    let asked = 0;
    const when = (): boolean => (asked += 1) > 0;
    const { inner, composed, environment, fail } = setUp({ when }, { heedsSignal: false });
    const controller = new AbortController();
    const outcome = watch(composed.predict(1, { signal: controller.signal }));
    await settled();
    controller.abort();
    await fail();
    environment.advance(1_000);
    await settled();
    expect(outcome.isSettled).toBe(true);
    expect(inner.calls).toHaveLength(1);
    expect(asked).toBe(0);
  });

  test.each<[string, RetryingOptions]>([
    ["attempts", { attempts: 0 }],
    ["attempts", { attempts: 1.5 }],
    ["attempts", { attempts: Infinity }],
    ["backoff.initialMs", { backoff: { initialMs: -1 } }],
    ["backoff.factor", { backoff: { factor: 0.5 } }],
    ["backoff.maxMs", { backoff: { maxMs: NaN } }],
  ])("refuses %s out of range: %j", (option, options) => {
    expect(() => setUp(options)).toThrow(expect.objectContaining({ code: "INVALID_OPTIONS", option }));
  });

  test("never waits longer than its bound, nor less than 0", async () => {
    const property = fc.asyncProperty(
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.nat(1_000),
      fc.double({ min: 1, max: 1e9, noNaN: true }),
      fc.nat(2_000),
      async (random, initialMs, factor, maxMs) => {
        const { inner, composed, environment } = setUp(
          { attempts: 4, random: () => random, backoff: { initialMs, factor, maxMs } },
          { answer: () => Promise.reject(lost) },
        );
        const outcome = watch(composed.predict(1));
        for (let attempt = 1; attempt < 4; attempt += 1) {
          await settled();
          environment.advance(Math.min(maxMs, initialMs * factor ** (attempt - 1)));
        }
        await settled();
        expect(outcome.error).toBe(lost);
        expect(inner.calls).toHaveLength(4);
      },
    );
    await fc.assert(property, { numRuns: 50 });
  });
});
