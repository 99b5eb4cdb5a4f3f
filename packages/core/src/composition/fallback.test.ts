import { describe, expect, test } from "vitest";

import { BackendError } from "../errors/backend-error.ts";
import { type ErrorCode, errorCodes } from "../errors/error-codes.ts";
import { InvalidInputError } from "../errors/invalid-input-error.ts";
import { OverloadedError } from "../errors/overloaded-error.ts";
import { FakeEnvironment, settled } from "../predictor/fake-environment.fixtures.ts";
import { definePredictor } from "./define-predictor.ts";
import { fallback, type FallbackOptions } from "./fallback.ts";
import { FakePredictor, watch } from "./fake-predictor.fixtures.ts";
import { setUpTensors, rows, valuesOfY } from "../predictor/fake-backend.fixtures.ts";

function setUp(count: number, options: FallbackOptions = {}) {
  const environment = new FakeEnvironment();
  const members = Array.from(
    { length: count },
    (_, index) => new FakePredictor({ name: `m${index}`, environment }),
  );
  const composed = fallback(
    members.map(({ predictor }) => predictor),
    { environment, ...options },
  );
  return { members, composed, environment };
}

const broken = new BackendError({ backend: "fake", problem: "it is broken", cause: "the driver" });
const overloaded = new OverloadedError({ model: "m", reason: "queue-full", retryAfterMs: 10 });

describe("fallback()", () => {
  test("asks the first one alone while it answers", async () => {
    const { members, composed } = setUp(2);
    const outcome = watch(composed.predict(1));
    await settled();
    members[0]!.calls[0]!.answer(7);
    await settled();
    expect(outcome.output).toBe(7);
    expect(members[1]!.calls).toEqual([]);
  });

  test("asks the next one with the same input and options", async () => {
    const { members, composed } = setUp(3);
    const outcome = watch(composed.predict(1, { key: "k" }));
    await settled();
    members[0]!.calls[0]!.fail(overloaded);
    await settled();
    members[1]!.calls[0]!.fail(new Error("untyped"));
    await settled();
    expect(members[2]!.calls[0]).toMatchObject({ input: 1, options: { key: "k" } });
    members[2]!.calls[0]!.answer(9);
    await settled();
    expect(outcome.output).toBe(9);
  });

  test("throws the last error, with all before it and its own cause as its cause", async () => {
    const { members, composed } = setUp(3);
    const outcome = watch(composed.predict(1));
    for (const [index, error] of [overloaded, "untyped", broken].entries()) {
      await settled();
      members[index]!.calls[0]!.fail(error);
    }
    await settled();
    expect(outcome.error).toMatchObject({
      code: "BACKEND_FAILED",
      problem: "it is broken",
      cause: { errors: [overloaded, { code: "BACKEND_FAILED", cause: "untyped" }], cause: "the driver" },
    });
    expect(BackendError.isInstance(outcome.error)).toBe(true);
    expect(broken.cause).toBe("the driver");
  });

  const codes = Object.keys(errorCodes) as ErrorCode[];
  test.each(codes)("on %s goes on exactly when it is not the caller's fault", async (code) => {
    const { members, composed } = setUp(2);
    void watch(composed.predict(1));
    await settled();
    // Any error with the code will do: the code alone decides.
    members[0]!.calls[0]!.fail(
      Object.defineProperty(new OverloadedError(overloaded), "code", { value: code }),
    );
    await settled();
    expect(members[1]!.calls).toHaveLength(errorCodes[code].concerns === "caller" ? 0 : 1);
  });

  test("goes on when `when` says so, and tells what it throws", async () => {
    const { members, composed } = setUp(2, { when: async ({ code }) => code === "INVALID_INPUT" });
    void watch(composed.predict(1));
    const outcome = watch(composed.predict(2));
    await settled();
    members[0]!.calls[0]!.fail(new InvalidInputError({ issues: [] }));
    members[0]!.calls[1]!.fail(overloaded);
    await settled();
    expect(members[1]!.inputs).toEqual([1]);
    expect(outcome.error).toBe(overloaded);
    const throwing = setUp(2, {
      when: () => {
        throw new Error("no");
      },
    });
    const failed = watch(throwing.composed.predict(1));
    await settled();
    throwing.members[0]!.calls[0]!.fail(overloaded);
    await settled();
    expect(failed.error).toMatchObject({ code: "CODEC_FAILED", problem: "when() threw: no" });
  });

  test.each(["abort", "deadline"])("asks nobody after the caller's %s, whatever `when` says", async (how) => {
    let decided = 0;
    const { members, composed, environment } = setUp(2, {
      when: () => (decided += 1) > 0,
    });
    const controller = new AbortController();
    const outcome = watch(
      composed.predict(1, { signal: controller.signal, deadline: environment.now() + 10 }),
    );
    await settled();
    if (how === "abort") controller.abort();
    else environment.advance(10);
    members[0]!.calls[0]!.fail(overloaded);
    await settled();
    expect(outcome.isSettled).toBe(true);
    expect(members[1]!.calls).toEqual([]);
    expect(decided).toBe(0);
  });

  test("asks nobody when the caller aborts while `when` decides", async () => {
    const decide: ((goesOn: boolean) => void)[] = [];
    const { members, composed } = setUp(2, { when: () => new Promise((resolve) => decide.push(resolve)) });
    const controller = new AbortController();
    const outcome = watch(composed.predict(1, { signal: controller.signal }));
    await settled();
    members[0]!.calls[0]!.fail(overloaded);
    await settled();
    controller.abort();
    decide[0]!(true);
    await settled();
    expect(outcome.isSettled).toBe(true);
    expect(members[1]!.calls).toEqual([]);
  });

  test("is ready while one of them is, and is called as the first", async () => {
    const { members, composed } = setUp(2);
    expect(composed.info).toMatchObject({ model: "m0", version: "1" });
    await members[0]!.predictor.close();
    expect(composed.health().status).toBe("ready");
    await members[1]!.predictor.close();
    expect(composed.health().status).toBe("closed");
  });

  test("takes tensors when all do", async () => {
    const { predictor, environment } = await setUpTensors();
    const failing = definePredictor({
      name: "failing",
      version: "1",
      environment,
      predict: async () => ({}),
      predictTensors: () => Promise.reject(broken),
    });
    const composed = fallback([failing, predictor], { environment });
    expect(valuesOfY(await composed.predictTensors!(rows(3)))).toEqual([6]);
    const without = definePredictor({ name: "without", version: "1", predict: async () => ({}) });
    expect(fallback([predictor, without], { environment })).not.toHaveProperty("predictTensors");
  });

  test("needs a predictor", () => {
    expect(() => fallback([])).toThrow(
      expect.objectContaining({ code: "INVALID_OPTIONS", option: "predictors" }),
    );
  });
});
