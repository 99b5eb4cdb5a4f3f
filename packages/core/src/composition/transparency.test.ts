import { describe, expect, test } from "vitest";
import { z } from "zod";

import { defineModel } from "../model/define-model.ts";
import { rows, setUpFake, valuesOfY, type FakeSetupOptions } from "../predictor/fake-backend.fixtures.ts";
import { type FakeEnvironment, settled } from "../predictor/fake-environment.fixtures.ts";
import type { PredictionEvent } from "../predictor/prediction-event.ts";
import type { Predictor } from "../predictor/predictor.ts";
import { cached } from "./cached.ts";
import { ensemble } from "./ensemble.ts";
import { fallback } from "./fallback.ts";
import { watch } from "./fake-predictor.fixtures.ts";
import { pipeline } from "./pipeline.ts";
import { retrying } from "./retrying.ts";
import { withTimeout } from "./with-timeout.ts";
import { wrapPredictor } from "./wrap-predictor.ts";

// The law: what has nothing to do is not there. The first row is no wrapper at all, so that the
// suite is known to describe a predictor.

type Numbers = Predictor<number, number>;
type Wrap = (predictor: Numbers, environment: FakeEnvironment) => Numbers;

const only = ([output]: readonly number[]): number => output!;
const wrappers: readonly [name: string, wrap: Wrap, takesTensors: boolean][] = [
  ["no wrapper", (predictor) => predictor, true],
  [
    "wrapPredictor()",
    (predictor, environment) =>
      wrapPredictor(predictor, { around: (run, options) => run(options), environment }),
    true,
  ],
  ["retrying(), once", (predictor, environment) => retrying(predictor, { attempts: 1, environment }), true],
  [
    "withTimeout(), infinite",
    (predictor, environment) => withTimeout(predictor, Infinity, { environment }),
    true,
  ],
  [
    "withTimeout(), of a day",
    (predictor, environment) => withTimeout(predictor, 86_400_000, { environment }),
    true,
  ],
  ["cached(), of nothing", (predictor, environment) => cached(predictor, { maxBytes: 0, environment }), true],
  ["fallback(), of one", (predictor, environment) => fallback([predictor], { environment }), true],
  ["pipeline(), of one", (predictor, environment) => pipeline([predictor], { environment }), false],
  [
    "ensemble(), of one",
    (predictor, environment) => ensemble([predictor], { combine: only, environment }),
    false,
  ],
  [
    "all of them",
    (predictor, environment) =>
      fallback(
        [
          retrying(
            cached(withTimeout(predictor, 86_400_000, { environment }), { maxBytes: 0, environment }),
            { attempts: 1, environment },
          ),
        ],
        {
          environment,
        },
      ),
    true,
  ],
];

const model = defineModel({
  name: "doubling",
  version: "1.2.3",
  artifact: "model.fake",
  labels: ["double"],
  card: { license: "MIT" },
  input: z.number().positive(),
  encode: (value) => rows(value),
  decode: (outputs) => Number(valuesOfY(outputs)[0]),
});

describe.each(wrappers)("%s", (_, wrap, takesTensors) => {
  async function setUp(options: FakeSetupOptions = {}) {
    const { predictor: bare, session, environment } = await setUpFake(model, { batching: false, ...options });
    return { bare, session, environment, predictor: wrap(bare, environment) };
  }

  test("has the same info", async () => {
    const { bare, predictor } = await setUp();
    expect(predictor.info).toEqual(bare.info);
    expect("predictTensors" in predictor).toBe(takesTensors);
  });

  test("gives the same answers, from as many runs", async () => {
    const { predictor, session } = await setUp();
    expect(await predictor.predict(2)).toBe(4);
    expect(await predictor.predict(2, { key: "k", priority: "low" })).toBe(4);
    expect(await predictor.predictMany([3, 1, 2])).toEqual([6, 2, 4]);
    expect(await predictor.predictMany([])).toEqual([]);
    expect(session.runs).toHaveLength(5);
  });

  test("predicts as many at once as a queue holds, and more", async () => {
    const { predictor } = await setUp();
    const inputs = Array.from({ length: 1_500 }, (__, index) => index + 1);
    expect(await predictor.predictMany(inputs)).toEqual(inputs.map((input) => 2 * input));
  });

  test("gives the same errors", async () => {
    const { predictor, session } = await setUp({ hold: true });
    await expect(predictor.predict(-1)).rejects.toMatchObject({
      code: "INVALID_INPUT",
      issues: [{ path: [] }],
    });
    await expect(predictor.predict(1, { deadline: NaN })).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
      option: "deadline",
    });
    await expect(predictor.predict(1, { priority: "urgent" as never })).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
      option: "priority",
    });
    const cause = new Error("boom");
    const outcome = watch(predictor.predict(1));
    await settled();
    session.heldRuns[0]!.fail(cause);
    await settled();
    expect(outcome.error).toMatchObject({ code: "BACKEND_FAILED", backend: "fake", cause });
  });

  test("keeps the others' results when some fail", async () => {
    const { predictor } = await setUp();
    await expect(predictor.predictMany([1, -2, 3])).rejects.toMatchObject({
      code: "PARTIAL_FAILURE",
      results: [{ value: 2 }, { reason: { code: "INVALID_INPUT" } }, { value: 6 }],
    });
  });

  test.each(["queued", "running"] as const)("gives up by signal while %s", async (stage) => {
    const { predictor, session, environment } = await setUp({ hold: true });
    const controller = new AbortController();
    const running = watch(predictor.predict(1, stage === "running" ? { signal: controller.signal } : {}));
    await settled();
    const queued = watch(predictor.predict(2, stage === "queued" ? { signal: controller.signal } : {}));
    await settled();
    controller.abort("enough");
    await settled();
    const { [stage]: aborted } = { queued, running };
    expect(aborted.error).toMatchObject({ code: "ABORTED", cause: "enough" });
    for (let run = 0; run < 2; run += 1) {
      session.heldRuns[0]?.finish();
      await settled();
    }
    expect(stage === "queued" ? running.output : queued.output).toBe(stage === "queued" ? 2 : 4);
    expect(session.runs).toHaveLength(stage === "queued" ? 1 : 2);
    expect(environment.timerCount).toBe(0);
  });

  test("gives up by deadline, before and during the run", async () => {
    const { predictor, session, environment } = await setUp({ hold: true });
    await expect(predictor.predict(1, { deadline: environment.now() - 1 })).rejects.toMatchObject({
      code: "DEADLINE_EXCEEDED",
      stage: "queued",
    });
    await expect(predictor.predict(1, { signal: AbortSignal.abort("no") })).rejects.toMatchObject({
      code: "ABORTED",
      stage: "queued",
      cause: "no",
    });
    expect(session.runs).toHaveLength(0);
    const outcome = watch(predictor.predict(1, { deadline: environment.now() + 10 }));
    await settled();
    environment.advance(10);
    await settled();
    expect(outcome.error).toMatchObject({ code: "DEADLINE_EXCEEDED", waitedMs: 10 });
    session.heldRuns[0]!.finish();
    await settled();
    expect(environment.timerCount).toBe(0);
  });

  test("tells its own observers, later, and survives those that throw", async () => {
    const { predictor, environment } = await setUp();
    const events: PredictionEvent[] = [];
    predictor.observe(() => {
      throw new Error("no");
    });
    predictor.observe((event) => events.push(event));
    await predictor.predict(1, { key: "k" });
    await expect(predictor.predict(-1)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect(events).toEqual([]);
    environment.runDeferred();
    const base = { model: "doubling", version: "1.2.3", startedAt: environment.now(), totalMs: 0 };
    expect(events).toMatchObject([
      { ...base, outcome: "success", key: "k", input: 1, output: 2, rows: 1 },
      { ...base, outcome: "failure", key: undefined, input: -1, error: { code: "INVALID_INPUT" } },
    ]);
    expect(predictor.health()).toMatchObject({
      observerErrors: 2,
      observers: [{ name: "unnamed", observing: 2, errors: 2, drops: 0 }],
    });
  });

  test("counts what waits and runs", async () => {
    const { predictor, session } = await setUp({ hold: true });
    const answers = predictor.predictMany([1, 2, 3]);
    await settled();
    expect(predictor.health()).toEqual({
      status: "ready",
      queued: 2,
      running: 1,
      observerErrors: 0,
      observers: [],
    });
    for (let run = 0; run < 3; run += 1) {
      session.heldRuns[0]!.finish();
      await settled();
    }
    expect(await answers).toEqual([2, 4, 6]);
    expect(predictor.health()).toMatchObject({ queued: 0, running: 0 });
  });

  test("closes once, after what it has taken", async () => {
    const { predictor, session } = await setUp({ hold: true });
    const taken = watch(predictor.predict(1));
    const closing = Promise.all([predictor.close(), predictor[Symbol.asyncDispose]()]);
    await settled();
    await expect(predictor.predict(2)).rejects.toMatchObject({ code: "CLOSED", model: "doubling" });
    expect(predictor.health().status).toBe("closing");
    expect(session.releaseCount).toBe(0);
    session.heldRuns[0]!.finish();
    await closing;
    expect(taken.output).toBe(2);
    expect(session.releaseCount).toBe(1);
    expect(predictor.health().status).toBe("closed");
    expect(session.violations).toEqual([]);
  });
});

describe.each(wrappers.filter(([, , takesTensors]) => takesTensors))("%s", (_, wrap) => {
  test("answers in tensors too", async () => {
    const { predictor: bare, environment } = await setUpFake(model, { batching: false });
    const predictor = wrap(bare, environment);
    const ask = predictor.predictTensors!.bind(predictor);
    expect(valuesOfY(await ask(rows(1, 2)))).toEqual([2, 4]);
    expect(Object.keys(await ask(rows(1), { outputs: ["z"] }))).toEqual(["z"]);
    await expect(ask({})).rejects.toMatchObject({ code: "TENSOR_NAME_MISMATCH" });
  });
});
