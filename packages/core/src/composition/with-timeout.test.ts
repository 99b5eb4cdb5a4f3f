import { describe, expect, test } from "vitest";

import { FakeEnvironment, settled } from "../predictor/fake-environment.fixtures.ts";
import { FakePredictor, watch } from "./fake-predictor.fixtures.ts";
import { withTimeout } from "./with-timeout.ts";

function setUp(timeoutMs: number, heedsSignal = true) {
  const environment = new FakeEnvironment();
  const inner = new FakePredictor({ environment, heedsSignal });
  return { inner, environment, composed: withTimeout(inner.predictor, timeoutMs, { environment }) };
}

describe("withTimeout()", () => {
  test.each([
    { callersMs: undefined, expectedMs: 100 },
    { callersMs: 300, expectedMs: 100 },
    { callersMs: 40, expectedMs: 40 },
  ])("passes the earlier deadline on: %o", async ({ callersMs, expectedMs }) => {
    const { inner, environment, composed } = setUp(100);
    const now = environment.now();
    const answer = composed.predict(1, { deadline: callersMs && now + callersMs });
    await settled();
    expect(inner.calls[0]!.options.deadline).toBe(now + expectedMs);
    inner.calls[0]!.answer(5);
    expect(await answer).toBe(5);
    expect(environment.timerCount).toBe(0);
  });

  test.each([true, false])(
    "ends in time though the predictor ignores the deadline (heeds the signal: %s)",
    async (heeds) => {
      const { inner, environment, composed } = setUp(100, heeds);
      const outcome = watch(composed.predict(1));
      await settled();
      environment.advance(99);
      await settled();
      expect(outcome.isSettled).toBe(false);
      environment.advance(1);
      await settled();
      expect(outcome.error).toMatchObject({ code: "DEADLINE_EXCEEDED", stage: "running", waitedMs: 100 });
      expect(inner.calls[0]!.options.signal?.aborted).toBe(true);
      inner.calls[0]!.answer(5);
      await settled();
      expect(outcome.output).toBeUndefined();
    },
  );

  test("without a limit changes nothing", async () => {
    const { inner, environment, composed } = setUp(Infinity);
    void watch(composed.predict(1, { key: "k" }));
    await settled();
    expect(inner.calls[0]!.options).toEqual({ key: "k" });
    expect(environment.timerCount).toBe(0);
  });

  test.each([0, -1, NaN, "5" as never])("refuses %j ms", (timeoutMs) => {
    expect(() => setUp(timeoutMs)).toThrow(
      expect.objectContaining({ code: "INVALID_OPTIONS", option: "timeoutMs" }),
    );
  });
});
