import { createCoreBudget, createPredictor, defineModel, openArtifact } from "@mlops/core";
import { identityModel, mlpModel } from "@mlops/onnx-builder";
import * as onnxruntime from "onnxruntime-node";
import { describe, expect, test } from "vitest";

import { onnx } from "./backend.ts";
import type { OnnxSessionOptions } from "./config.ts";
import { load, threeColumns } from "./predict.fixtures.ts";
import type { OnnxRuntime } from "./runtime.ts";

/** The options that the runtime is called with. */
async function optionsPassed(
  session?: OnnxSessionOptions,
  artifact: Uint8Array = identityModel("float32"),
): Promise<object | undefined> {
  let passed: object | undefined;
  const runtime: OnnxRuntime = {
    Tensor: onnxruntime.Tensor,
    InferenceSession: {
      create(model, options) {
        passed = structuredClone(options);
        return onnxruntime.InferenceSession.create(model, options);
      },
    },
  };
  await using predictor = await load(artifact, { runtime, session });
  await predictor.predict(threeColumns(1, 2, 3));
  return passed;
}

/** Above the size up to which a model has one thread. */
const largeModel = mlpModel({ inputSize: 3, hiddenSizes: [5_000], outputSize: 1, seed: 1 });

const shortSpinning = { intra_op: { spin_duration_us: "50" }, inter_op: { spin_duration_us: "50" } };

describe("threads", () => {
  test.each([
    [undefined, 2],
    [1, 1],
  ])("where models share cores: of %o configured and 2 asked for, %i", async (intraOpNumThreads, threads) => {
    let passed: object = {};
    const runtime: OnnxRuntime = {
      Tensor: onnxruntime.Tensor,
      InferenceSession: {
        create(model, options) {
          passed = structuredClone(options);
          return onnxruntime.InferenceSession.create(model, options);
        },
      },
    };
    const artifact = openArtifact(largeModel);
    const session = await onnx({ runtime, session: { intraOpNumThreads } }).load(artifact, { threads: 2 });
    expect([passed, session.threads]).toMatchObject([{ intraOpNumThreads: threads }, threads]);
    await session.release();
  });

  test("are the runtime's own choice where nothing is said", async () => {
    const session = await onnx().load(openArtifact(largeModel), {});
    expect(session.threads).toBeUndefined();
    await session.release();
  });

  test("are one for a small model, whatever its share", async () => {
    const session = await onnx().load(openArtifact(identityModel("float32")), { threads: 2 });
    expect(session.threads).toBe(1);
    await session.release();
  });

  test("are told to a worker, and by it", async () => {
    const cores = createCoreBudget({ cores: 2, threadsPerRun: 1 });
    const share = cores.join.bind(cores);
    const told: number[] = [];
    cores.join = (options) => {
      told.push(options.threads);
      return share(options);
    };
    const model = defineModel({ name: "identity", version: "1", artifact: identityModel("float32") });
    for (const backend of [onnx(), onnx({ session: { intraOpNumThreads: 2 } })]) {
      await using _predictor = await createPredictor({ model, backend, execution: "worker", cores });
    }
    expect(told).toEqual([1, 2]);
  });
});

describe("session options", () => {
  test("by default: the CPU, no log, short spinning, one thread for a small model", async () => {
    expect(await optionsPassed()).toEqual({
      executionProviders: ["cpu"],
      intraOpNumThreads: 1,
      logSeverityLevel: 4,
      extra: { session: shortSpinning },
    });
  });

  test("a model of more than 100,000 bytes has the runtime's threads", async () => {
    const modelOf = (hidden: number): Uint8Array =>
      mlpModel({ inputSize: 3, hiddenSizes: [hidden], outputSize: 1, seed: 1 });
    expect(modelOf(4_900).length).toBeLessThanOrEqual(100_000);
    expect(await optionsPassed({}, modelOf(4_900))).toHaveProperty("intraOpNumThreads", 1);
    expect(modelOf(5_000).length).toBeGreaterThan(100_000);
    expect(await optionsPassed({}, modelOf(5_000))).not.toHaveProperty("intraOpNumThreads");
    expect(await optionsPassed({ intraOpNumThreads: 2 }, modelOf(5_000))).toHaveProperty(
      "intraOpNumThreads",
      2,
    );
  });

  test("all of them are passed on, and the runtime takes them", async () => {
    const session: OnnxSessionOptions = {
      intraOpNumThreads: 2,
      interOpNumThreads: 1,
      graphOptimizationLevel: "basic",
      executionMode: "parallel",
      enableCpuMemArena: false,
      enableMemPattern: false,
      freeDimensionOverrides: { batch: 1 },
      logSeverityLevel: 3,
    };
    expect(await optionsPassed(session)).toEqual({
      executionProviders: ["cpu"],
      ...session,
      extra: { session: shortSpinning },
    });
  });

  test("spinning is off where 0 is asked for, and undefined is as if left out", async () => {
    const spinning = { allow_spinning: "0" };
    expect(
      await optionsPassed({ spinDurationUs: 0, intraOpNumThreads: undefined, logSeverityLevel: undefined }),
    ).toEqual({
      executionProviders: ["cpu"],
      intraOpNumThreads: 1,
      logSeverityLevel: 4,
      extra: { session: { intra_op: spinning, inter_op: spinning } },
    });
  });

  test("extra entries join the others, and win over them", async () => {
    const extra = {
      session: { set_denormal_as_zero: "1", inter_op: { allow_spinning: "1" } },
      ep: { a: "1" },
    };
    expect(await optionsPassed({ extra })).toMatchObject({
      extra: { session: { ...shortSpinning, ...extra.session }, ep: { a: "1" } },
    });
    expect(extra).toEqual({
      session: { set_denormal_as_zero: "1", inter_op: { allow_spinning: "1" } },
      ep: { a: "1" },
    });
  });

  test.each<[option: string, session: unknown]>([
    ["intraOpNumThreads", { intraOpNumThreads: 0 }],
    ["intraOpNumThreads", { intraOpNumThreads: -1 }],
    ["intraOpNumThreads", { intraOpNumThreads: 1.5 }],
    ["intraOpNumThreads", { intraOpNumThreads: Number.NaN }],
    ["intraOpNumThreads", { intraOpNumThreads: "2" }],
    ["interOpNumThreads", { interOpNumThreads: Infinity }],
    ["interOpNumThreads", { interOpNumThreads: null }],
    ["graphOptimizationLevel", { graphOptimizationLevel: "full" }],
    ["executionMode", { executionMode: "PARALLEL" }],
    ["logSeverityLevel", { logSeverityLevel: 5 }],
    ["logSeverityLevel", { logSeverityLevel: "3" }],
    ["spinDurationUs", { spinDurationUs: -1 }],
    ["enableCpuMemArena", { enableCpuMemArena: 0 }],
    ["enableMemPattern", { enableMemPattern: "false" }],
    ["freeDimensionOverrides.batch", { freeDimensionOverrides: { batch: -1 } }],
    ["freeDimensionOverrides.batch", { freeDimensionOverrides: { sequence: 1, batch: "1" } }],
  ])("a %s that cannot be is refused when it is given: %o", (option, session) => {
    expect(() => onnx({ session: session as OnnxSessionOptions })).toThrow(
      expect.objectContaining({
        code: "INVALID_OPTIONS",
        option: `session.${option}`,
        problem: expect.stringMatching(/^is .+; it has to be /),
      }),
    );
  });

  test("a later change of the object that they came in changes nothing", async () => {
    const session: { logSeverityLevel: 3 | 4 } = { logSeverityLevel: 3 };
    let passed: object | undefined;
    const create: OnnxRuntime["InferenceSession"]["create"] = (model, options) => {
      passed = structuredClone(options);
      return onnxruntime.InferenceSession.create(model, options);
    };
    const backend = onnx({ session, runtime: { Tensor: onnxruntime.Tensor, InferenceSession: { create } } });
    session.logSeverityLevel = 4;
    const model = defineModel({ name: "a", version: "1", artifact: identityModel("float32") });
    await createPredictor({ model, backend });
    expect(passed).toMatchObject({ logSeverityLevel: 3 });
  });
});
