import { describe, expect, test } from "vitest";
import { z } from "zod";

import { defineModel } from "../model/define-model.ts";
import { rows, setUpFake, setUpTensors, valuesOfY } from "./fake-backend.fixtures.ts";
import { settled } from "./fake-environment.fixtures.ts";
import type { PredictionEvent } from "./prediction-event.ts";

const typedModel = defineModel({
  name: "doubling",
  version: "1.2.3",
  artifact: "model.fake",
  input: z.number(),
  encode: (value) => rows(value),
  decode: (outputs) => valuesOfY(outputs)[0],
});

describe("an event", () => {
  test("of a success tells all of it", async () => {
    const { predictor, session, environment } = await setUpFake(typedModel, { hold: true, batching: false });
    const events: PredictionEvent[] = [];
    predictor.observe((event) => events.push(event));
    const startedAt = environment.now();
    const first = predictor.predict(1);
    const second = predictor.predict(2, { key: "user 7" });
    await settled();
    environment.advance(30);
    session.heldRuns[0]!.finish();
    await first;
    await settled();
    environment.advance(12);
    session.heldRuns[0]!.finish();
    await second;
    environment.runDeferred();
    const outputs = { y: expect.objectContaining({ dtype: "float32" }), z: expect.anything() };
    const base = {
      model: "doubling",
      version: "1.2.3",
      startedAt,
      rows: 1,
      batchRows: 1,
      outcome: "success",
    };
    expect(events).toEqual([
      {
        ...base,
        key: undefined,
        totalMs: 30,
        queueMs: 0,
        runMs: 30,
        input: 1,
        inputTensors: rows(1),
        output: 2,
        outputTensors: outputs,
      },
      {
        ...base,
        key: "user 7",
        totalMs: 42,
        queueMs: 30,
        runMs: 12,
        input: 2,
        inputTensors: rows(2),
        output: 4,
        outputTensors: outputs,
      },
    ]);
  });

  test("tells how many rows the run had in which the request was, and how long it was", async () => {
    const { predictor, predictTensors, session, environment } = await setUpFake(typedModel, {
      hold: true,
      batching: { maxBatchSize: 4 },
    });
    const times = new Map<number, (number | undefined)[]>();
    predictor.observe(({ inputTensors, rows: own, batchRows, queueMs, runMs }) =>
      times.set(inputTensors!["x"]!.data[0] as number, [own, batchRows, queueMs, runMs]),
    );
    const answers = [predictor.predict(1), predictor.predict(2)];
    await settled();
    answers.push(predictor.predict(3));
    const split = predictTensors(rows(4, 5, 6, 7, 8));
    await settled();
    for (const tookMs of [30, 10, 5]) {
      environment.advance(tookMs);
      session.heldRuns[0]!.finish();
      await settled();
    }
    expect([...(await Promise.all(answers)), ...valuesOfY(await split)]).toEqual([
      2, 4, 6, 8, 10, 12, 14, 16,
    ]);
    environment.runDeferred();
    expect(session.runs.map(({ values }) => values)).toEqual([
      [1, 2],
      [4, 5, 6, 7],
      [8, 3],
    ]);
    // That of five rows ran in parts: the last one started after 40 ms, and the runs took 10 and 5 ms.
    expect(Object.fromEntries(times)).toEqual({
      1: [1, 2, 0, 30],
      2: [1, 2, 0, 30],
      3: [1, 2, 40, 5],
      4: [5, 4, 40, 15],
    });
  });

  test("of tensors has no typed input and output", async () => {
    const { predictor, predictTensors, environment } = await setUpFake(typedModel);
    const events: PredictionEvent[] = [];
    predictor.observe((event) => events.push(event));
    const outputs = await predictTensors(rows(1, 2, 3), { outputs: ["z"], key: "k" });
    environment.runDeferred();
    expect(events).toMatchObject([
      { outcome: "success", key: "k", rows: 3, input: undefined, output: undefined },
    ]);
    expect(events[0]).toMatchObject({ inputTensors: rows(1, 2, 3), outputTensors: outputs });
    expect(Object.keys(outputs)).toEqual(["z"]);
  });

  test.each<[code: string, input: unknown, rows: number]>([
    ["INVALID_INPUT", "not a number", 0],
    ["BACKEND_FAILED", 1, 1],
  ])("of a failure, %s, tells what is known", async (code, input, rowCount) => {
    const { predictor, session, environment } = await setUpFake(typedModel);
    session.doRun = () => Promise.reject(new Error("out of memory"));
    const events: PredictionEvent[] = [];
    predictor.observe((event) => events.push(event));
    const error: unknown = await predictor.predict(input as number).catch((reason: unknown) => reason);
    environment.runDeferred();
    expect(events).toEqual([
      {
        model: "doubling",
        version: "1.2.3",
        key: undefined,
        startedAt: environment.now(),
        totalMs: 0,
        queueMs: 0,
        runMs: 0,
        rows: rowCount,
        batchRows: 0,
        input,
        inputTensors: rowCount === 0 ? undefined : rows(1),
        outcome: "failure",
        error,
      },
    ]);
    expect(error).toMatchObject({ code });
  });

  test("comes for aborted, late and refused requests too", async () => {
    const { predictor, predictTensors, session, environment } = await setUpTensors({ hold: true });
    const codes: unknown[] = [];
    predictor.observe((event) => codes.push(event.outcome === "failure" && event.error.code));
    const late = predictTensors(rows(1), { deadline: environment.now() + 5 });
    await settled();
    environment.advance(5);
    await Promise.allSettled([late]);
    await Promise.allSettled([predictTensors(rows(1), { signal: AbortSignal.abort() })]);
    await Promise.allSettled([predictTensors({})]);
    session.heldRuns[0]!.finish();
    await predictor.close();
    expect(codes, "before it is closed").toEqual(["DEADLINE_EXCEEDED", "ABORTED", "TENSOR_NAME_MISMATCH"]);
    await Promise.allSettled([predictTensors(rows(1))]);
    environment.runDeferred();
    expect(codes.slice(3)).toEqual(["CLOSED"]);
  });
});
