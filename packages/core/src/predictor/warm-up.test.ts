import { describe, expect, test } from "vitest";
import { z } from "zod";

import type { LoadProgress } from "../backend/backend.ts";
import { defineModel } from "../model/define-model.ts";
import type { TensorMap } from "../tensor/tensor.ts";
import type { TensorInfo } from "../tensor/tensor-info.ts";
import { createPredictor, type CreatePredictorOptions } from "./create-predictor.ts";
import { fakeBackend, fakeModel, FakeSession, rows, valuesOfY } from "./fake-backend.fixtures.ts";
import { FakeEnvironment, settled } from "./fake-environment.fixtures.ts";
import { zeroRows } from "./zero-rows.ts";

type Options = Partial<CreatePredictorOptions<TensorMap, TensorMap>>;

const create = (session: FakeSession, options: Options = {}) =>
  createPredictor({
    model: fakeModel,
    backend: fakeBackend(session),
    environment: new FakeEnvironment(),
    ...options,
  });

/** The values of each run, oldest first. */
const runsOf = ({ runs }: FakeSession): (readonly number[])[] => runs.map(({ values }) => values);

/** A session that fails when any value is zero. */
class ZeroHater extends FakeSession {
  override doRun(...[inputs, options]: Parameters<FakeSession["doRun"]>): Promise<TensorMap> {
    if ([...inputs["x"]!.data].includes(0)) return Promise.reject(new Error("division by zero."));
    return super.doRun(inputs, options);
  }
}

describe("the warm-up", () => {
  test.each<[warmup: Options["warmup"], runs: number[][]]>([
    [undefined, [[0]]],
    [true, [[0], [0, 0, 0]]],
    [{}, [[0]]],
    [{ batchSizes: [2, 1] }, [[0, 0], [0]]],
    [{ inputs: [rows(3, 4)] }, [[3, 4]]],
    [{ inputs: [rows(3)], batchSizes: [1] }, [[0], [3]]],
    [false, []],
  ])("by %o runs before the predictor is there", async (warmup, runs) => {
    const session = new FakeSession();
    const predictor = await create(session, { warmup, batching: { maxBatchSize: 3 } });
    expect(runsOf(session)).toEqual(runs);
    expect(predictor.info.warnings).toEqual([]);
    expect(valuesOfY(await predictor.predict(rows(1)))).toEqual([2]);
  });

  test("keeps the predictor back until it is done, and is told of", async () => {
    const session = new FakeSession({ hold: true });
    const phases: LoadProgress["phase"][] = [];
    let isReady = false;
    const creating = create(session, {
      warmup: { batchSizes: [1, 2] },
      onProgress: ({ phase }) => phases.push(phase),
    }).then(() => {
      isReady = true;
    });
    for (const count of [1, 2]) {
      await settled();
      expect([session.runs.length, isReady]).toEqual([count, false]);
      session.heldRuns[0]!.finish();
    }
    await creating;
    expect(phases).toEqual(["warming-up"]);
  });

  test("with one full batch only, where requests do not share runs", async () => {
    const session = new FakeSession();
    await create(session, { warmup: true, batching: false });
    expect(runsOf(session)).toEqual([[0]]);
  });

  test.each<[Options["warmup"]]>([[true], [{ batchSizes: [1] }], [{ inputs: [rows(1), rows(0)] }]])(
    "by %o that fails is a failed load, and leaves nothing behind",
    async (warmup) => {
      const session = new ZeroHater();
      const error = await create(session, { warmup }).catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        code: "MODEL_LOAD_FAILED",
        location: "model.fake",
        message: expect.stringContaining(
          'its warm-up failed (division by zero); the option "warmup" says what it is run with',
        ),
        cause: { message: "division by zero." },
      });
      expect(session.releaseCount).toBe(1);
      expect(session.violations).toEqual([]);
    },
  );

  test("that nobody asked for and that fails is a warning, not a failure", async () => {
    const predictor = await create(new ZeroHater());
    expect(predictor.info.warnings).toEqual([
      { type: "other", message: expect.stringContaining("one row of zeros failed (division by zero)") },
    ]);
    expect(valuesOfY(await predictor.predict(rows(1)))).toEqual([2]);
  });

  test("is aborted between two runs, and frees the session", async () => {
    const session = new FakeSession({ hold: true });
    const controller = new AbortController();
    const creating = create(session, { warmup: { batchSizes: [1, 1] }, signal: controller.signal });
    creating.catch(() => {});
    await settled();
    controller.abort("enough");
    session.heldRuns[0]!.finish();
    await expect(creating).rejects.toMatchObject({ code: "ABORTED", stage: "loading", cause: "enough" });
    expect([session.runs.length, session.releaseCount]).toEqual([1, 1]);
  });

  test("of a typed model encodes, runs and decodes the inputs that are given", async () => {
    const stages: string[] = [];
    const session = new FakeSession();
    const model = defineModel({
      name: "typed",
      version: "1",
      artifact: "model.fake",
      input: z.number(),
      encode: (value) => {
        stages.push(`encode ${value}`);
        return rows(value);
      },
      decode: (outputs) => {
        const [y] = valuesOfY(outputs);
        stages.push(`decode ${String(y)}`);
        if (y === 14) throw new Error("fourteen");
        return y;
      },
    });
    const backend = fakeBackend(session);
    await using _predictor = await createPredictor({ model, backend, warmup: { inputs: [21] } });
    expect(stages).toEqual(["encode 21", "decode 42"]);
    await expect(createPredictor({ model, backend, warmup: { inputs: [7] } })).rejects.toMatchObject({
      code: "MODEL_LOAD_FAILED",
      cause: { message: expect.stringContaining("fourteen") },
    });
  });

  test("asks for inputs where the signature leaves a size open, and by default does without", async () => {
    const session = Object.assign(new FakeSession(), {
      inputs: [{ name: "x", dtype: "float32", shape: ["batch", "sequence"] }] satisfies TensorInfo[],
    });
    await expect(create(session, { warmup: true })).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
      option: "warmup",
      message: expect.stringContaining('the size of dimension 1 of the input "x" is open'),
    });
    expect(session.releaseCount).toBe(1);
    const predictor = await create(session);
    expect([session.runs.length, predictor.info.warnings]).toEqual([0, []]);
  });

  test.each([
    ["warmup", "yes"],
    ["warmup", [rows(1)]],
    ["warmup.inputs", { inputs: rows(1) }],
    ["warmup.batchSizes", { batchSizes: [0] }],
    ["warmup.batchSizes", { batchSizes: [1.5] }],
  ])("refuses the %s %o, before anything is loaded", async (option, warmup: unknown) => {
    const session = new FakeSession();
    let loads = 0;
    const backend = fakeBackend(() => {
      loads += 1;
      return session;
    });
    const options = { model: fakeModel, backend, warmup: warmup as boolean };
    await expect(createPredictor(options)).rejects.toMatchObject({ code: "INVALID_OPTIONS", option });
    expect(loads).toBe(0);
  });
});

describe("zeroRows()", () => {
  test("makes zeros of each element type, and knows the batch by its name on any axis", () => {
    const inputs: TensorInfo[] = [
      { name: "a", dtype: "float32", shape: ["batch", 2] },
      { name: "b", dtype: "int64", shape: [null, "batch"] },
      { name: "c", dtype: "string", shape: [1, 2] },
      { name: "d", dtype: "bool", shape: [] },
      { name: "__proto__", dtype: "float16", shape: ["batch"] },
    ];
    const zeros = zeroRows({ inputs, outputs: [] }, 3) as TensorMap;
    expect(Object.entries(zeros)).toEqual([
      ["a", { dtype: "float32", shape: [3, 2], data: new Float32Array(6) }],
      ["b", { dtype: "int64", shape: [3, 3], data: new BigInt64Array(9) }],
      ["c", { dtype: "string", shape: [1, 2], data: ["", ""] }],
      ["d", { dtype: "bool", shape: [], data: new Uint8Array(1) }],
      ["__proto__", { dtype: "float16", shape: [3], data: new Uint16Array(3) }],
    ]);
  });

  test.each<[TensorInfo["shape"], string]>([
    [undefined, "how many dimensions"],
    [["batch", null], "dimension 1"],
    [["batch", 3, "height"], "dimension 2"],
  ])("names what %o leaves open", (shape, open) => {
    expect(zeroRows({ inputs: [{ name: "x", dtype: "float32", shape }], outputs: [] }, 1)).toContain(open);
  });
});
