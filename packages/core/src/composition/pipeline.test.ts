import { describe, expect, test } from "vitest";

import { FakeEnvironment, settled } from "../predictor/fake-environment.fixtures.ts";
import type { PredictOptions } from "../predictor/predictor.ts";
import { definePredictor } from "./define-predictor.ts";
import { FakePredictor, watch } from "./fake-predictor.fixtures.ts";
import { pipeline } from "./pipeline.ts";

function setUp() {
  const environment = new FakeEnvironment();
  const first = new FakePredictor<number, string>({ name: "first", version: "1", environment });
  const second = new FakePredictor<{ text: string }, boolean>({ name: "second", version: "2", environment });
  const asked: PredictOptions[] = [];
  const between = async (text: string, options: PredictOptions) => {
    asked.push(options);
    return { text };
  };
  const composed = pipeline([first.predictor, between, second.predictor], { environment });
  return { first, second, asked, composed, environment };
}

describe("pipeline()", () => {
  test("hands each output to the next step, with the caller's options", async () => {
    const { first, second, asked, composed, environment } = setUp();
    const options = { key: "k", priority: "low", deadline: environment.now() + 100 } as const;
    const answer = composed.predict(1, options);
    await settled();
    expect(second.calls).toEqual([]);
    first.calls[0]!.answer("one");
    await settled();
    expect(second.inputs).toEqual([{ text: "one" }]);
    second.calls[0]!.answer(true);
    expect(await answer).toBe(true);
    for (const passed of [first.calls[0]!.options, asked[0], second.calls[0]!.options]) {
      expect(passed).toMatchObject(options);
    }
  });

  test("stops at the first failure", async () => {
    const { first, second, composed } = setUp();
    const outcome = watch(composed.predict(1));
    await settled();
    const error = new Error("no");
    first.calls[0]!.fail(error);
    await settled();
    expect(outcome.error).toMatchObject({ code: "BACKEND_FAILED", cause: error });
    expect(second.calls).toEqual([]);
  });

  test.each(["abort", "deadline"])("asks no further step after an %s", async (how) => {
    const environment = new FakeEnvironment();
    const first = new FakePredictor<number, number>({ environment, heedsSignal: false });
    const second = new FakePredictor<number, number>({ environment });
    const composed = pipeline([first.predictor, second.predictor], { environment });
    const controller = new AbortController();
    const outcome = watch(
      composed.predict(1, { signal: controller.signal, deadline: environment.now() + 10 }),
    );
    await settled();
    if (how === "abort") controller.abort();
    else environment.advance(10);
    await settled();
    expect(outcome.error).toMatchObject({ code: how === "abort" ? "ABORTED" : "DEADLINE_EXCEEDED" });
    first.calls[0]!.answer(1);
    await settled();
    expect(second.calls).toEqual([]);
  });

  test.each(["abort", "deadline"])("an %s that ends a step's function is no failure of it", async (how) => {
    const environment = new FakeEnvironment();
    const identity = new FakePredictor<number, number>({ environment, answer: (value) => value });
    // As fetch does: it rejects with the signal's reason.
    const fetchLike = (_: number, { signal }: PredictOptions): Promise<number> =>
      new Promise((__, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    const composed = pipeline([identity.predictor, fetchLike], { environment });
    const controller = new AbortController();
    const deadline = environment.now() + 10;
    const outcome = watch(composed.predict(1, { signal: controller.signal, deadline }));
    await settled();
    if (how === "abort") controller.abort("enough");
    else environment.advance(10);
    await settled();
    expect(outcome.error).toMatchObject(
      how === "abort" ? { code: "ABORTED", cause: "enough" } : { code: "DEADLINE_EXCEEDED" },
    );
  });

  test("names the step whose function throws", async () => {
    const identity = definePredictor({ name: "identity", version: "1", predict: (value: number) => value });
    const toPrice = (value: number): number => {
      throw new RangeError(`${value} is no price.`);
    };
    await expect(pipeline([identity, toPrice]).predict(3)).rejects.toMatchObject({
      code: "CODEC_FAILED",
      stage: "composition",
      problem: "toPrice() threw: 3 is no price",
    });
  });

  test("is called as its predictors together, and takes and gives what the ends do", () => {
    const ends = (name: string) => ({
      inputs: [{ name, dtype: "float32" as const, shape: [1] }],
      outputs: [{ name, dtype: "int32" as const, shape: [1] }],
    });
    const make = (name: string) =>
      definePredictor({
        name,
        version: "1",
        device: name,
        signature: ends(name),
        labels: [name],
        predict: (x: number) => x,
      });
    const composed = pipeline([make("a"), (x: number) => x, make("b")]);
    expect(composed.info).toMatchObject({
      model: "a+b",
      version: "1",
      device: "a+b",
      labels: ["b"],
      signature: { inputs: ends("a").inputs, outputs: ends("b").outputs },
    });
    expect(pipeline([make("a"), (x: number) => x]).info).toMatchObject({
      labels: undefined,
      signature: undefined,
    });
    expect(composed).not.toHaveProperty("predictTensors");
  });

  test("needs a predictor", () => {
    expect(() => pipeline([(x: number) => x])).toThrow(expect.objectContaining({ option: "steps" }));
  });
});
