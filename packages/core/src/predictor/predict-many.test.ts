import { describe, expect, test } from "vitest";
import { z } from "zod";

import { defineModel } from "../model/define-model.ts";
import { range } from "../scheduling/scheduler.fixtures.ts";
import { rows, setUpFake, valuesOfY } from "./fake-backend.fixtures.ts";
import { settled } from "./fake-environment.fixtures.ts";

describe("predictMany()", () => {
  const model = defineModel({
    name: "doubling",
    version: "1",
    artifact: "model.fake",
    input: z.number().positive(),
    encode: (value) => rows(value),
    decode: (outputs) => valuesOfY(outputs)[0],
  });

  test("gives the results in the order of the inputs, whichever ends first", async () => {
    const { predictor, session } = await setUpFake(model, {
      hold: true,
      supportsParallelRuns: true,
      batching: false,
    });
    const answers = predictor.predictMany([1, 2, 3]);
    await settled();
    expect(session.heldRuns).toHaveLength(3);
    for (const run of session.heldRuns.toReversed()) run.finish();
    expect(await answers).toEqual([2, 4, 6]);
  });

  test("runs its inputs together", async () => {
    const { predictor, session } = await setUpFake(model);
    expect(await predictor.predictMany(range(1, 100))).toEqual(range(1, 100).map((value) => 2 * value));
    expect(session.runs.map(({ values }) => values)).toEqual([range(1, 64), range(65, 100)]);
  });

  test.each([1, 2, 3, 10])("never overloads a queue of %i by itself", async (maxSize) => {
    for (const batching of [false, { maxBatchSize: 4 }] as const) {
      const { predictor } = await setUpFake(model, { queue: { maxSize }, batching });
      expect(await predictor.predictMany(range(1, 50))).toEqual(range(1, 50).map((value) => 2 * value));
    }
  });

  test("gives none for none", async () => {
    const { predictor } = await setUpFake(model);
    expect(await predictor.predictMany([])).toEqual([]);
  });

  test("keeps the results of the others when some fail", async () => {
    const { predictor } = await setUpFake(model);
    await expect(predictor.predictMany([1, -2, 3, -4])).rejects.toMatchObject({
      code: "PARTIAL_FAILURE",
      message: expect.stringMatching(/^2 of 4 inputs failed\. The first, input 1: /),
      results: [
        { status: "fulfilled", value: 2 },
        { status: "rejected", reason: { code: "INVALID_INPUT" } },
        { status: "fulfilled", value: 6 },
        { status: "rejected", reason: { code: "INVALID_INPUT" } },
      ],
    });
  });

  test("has one signal and one key for all", async () => {
    const { predictor, environment } = await setUpFake(model, { hold: true });
    const keys: unknown[] = [];
    predictor.observe(({ key }) => keys.push(key));
    const controller = new AbortController();
    const answers = predictor.predictMany([1, 2], { signal: controller.signal, key: "k" });
    controller.abort();
    const aborted = { status: "rejected", reason: { code: "ABORTED" } };
    await expect(answers).rejects.toMatchObject({ results: [aborted, aborted] });
    environment.runDeferred();
    expect(keys).toEqual(["k", "k"]);
  });
});
