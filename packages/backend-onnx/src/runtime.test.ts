import { createPredictor, defineModel } from "@mlops/core";
import { identityModel } from "@mlops/onnx-builder";
import * as onnxruntime from "onnxruntime-node";
import { afterEach, describe, expect, test, vi } from "vitest";

import { onnx } from "./backend.ts";
import type { OnnxConfig } from "./config.ts";
import { errorOf, load, threeColumns } from "./predict.fixtures.ts";
import type { OnnxInferenceSession, OnnxRuntime } from "./runtime.ts";

const bytes = identityModel("float32");
const model = defineModel({ name: "test", version: "1", artifact: bytes });
const x = threeColumns(1, 2, 3);

/** A session that does nothing, with something changed. */
function standIn(change: Partial<OnnxInferenceSession>): { runtime: OnnxRuntime; releases: () => number } {
  let releases = 0;
  const session: OnnxInferenceSession = {
    inputMetadata: [{ name: "x", isTensor: true, type: "float32", shape: ["batch", 3] }],
    outputMetadata: [{ name: "y", isTensor: true, type: "float32", shape: ["batch", 3] }],
    run: async () => ({}),
    release: async () => {
      releases += 1;
    },
    ...change,
  };
  const runtime: OnnxRuntime = {
    InferenceSession: { create: async () => session },
    Tensor: onnxruntime.Tensor,
  };
  return { runtime, releases: () => releases };
}

describe("a runtime of one's own", () => {
  test.each<[kind: string, runtime: OnnxConfig["runtime"]]>([
    ["a module", onnxruntime],
    ["a function", () => onnxruntime],
    ["an asynchronous function", () => import("onnxruntime-node")],
  ])("may be %s", async (_, runtime) => {
    await using predictor = await load(bytes, { runtime });
    expect(await predictor.predict(x)).toEqual({ y: x["x"] });
  });

  test("is asked for on first use, and once", async () => {
    const runtime = vi.fn<() => OnnxRuntime>(() => onnxruntime);
    const backend = onnx({ runtime });
    expect(runtime).not.toHaveBeenCalled();
    await Promise.all([createPredictor({ model, backend }), createPredictor({ model, backend })]);
    await createPredictor({ model, backend });
    expect(runtime).toHaveBeenCalledOnce();
  });

  test.each(["at once", "later"])(
    "that fails %s fails the load with its own error, and is asked again",
    async (when) => {
      const cause = new Error("no such build");
      const runtime = vi.fn<() => OnnxRuntime | Promise<OnnxRuntime>>(() => onnxruntime);
      runtime.mockImplementationOnce(() => {
        if (when === "at once") throw cause;
        return Promise.reject(cause);
      });
      const backend = onnx({ runtime });
      expect(await errorOf(createPredictor({ model, backend }))).toMatchObject({
        code: "MODEL_LOAD_FAILED",
        problem: "no such build",
        cause,
      });
      await using predictor = await createPredictor({ model, backend });
      expect(await predictor.predict(x)).toEqual({ y: x["x"] });
    },
  );

  test.each([null, 5, {}, { default: onnxruntime }, { InferenceSession: {} }, () => ({})])(
    "that is none, %o, is refused",
    async (runtime) => {
      expect(await errorOf(load(bytes, { runtime: runtime as OnnxRuntime }))).toMatchObject({
        code: "INVALID_OPTIONS",
        option: "runtime",
      });
    },
  );
});

describe("the runtime that is imported by default", () => {
  afterEach(() => vi.doUnmock("onnxruntime-node"));

  test("is named when it is missing, and found once it is there", async () => {
    vi.doMock("onnxruntime-node", () => {
      throw new Error("Cannot find package 'onnxruntime-node'");
    });
    const backend = onnx();
    const error = await errorOf(createPredictor({ model, backend }));
    expect(error).toMatchObject({
      code: "MISSING_DEPENDENCY",
      packageName: "onnxruntime-node",
      message: expect.stringContaining("npm install onnxruntime-node"),
      cause: expect.any(Error),
    });
    vi.doUnmock("onnxruntime-node");
    await using predictor = await createPredictor({ model, backend });
    expect(await predictor.predict(x)).toEqual({ y: x["x"] });
  });

  test("is not imported before it is needed", async () => {
    const imported = vi.fn<() => void>();
    vi.doMock("onnxruntime-node", () => {
      imported();
      return onnxruntime;
    });
    const backend = onnx();
    expect(imported).not.toHaveBeenCalled();
    await createPredictor({ model, backend });
    expect(imported).toHaveBeenCalledOnce();
  });
});

describe("a session of the runtime", () => {
  test("is released by close(), once", async () => {
    const { runtime, releases } = standIn({});
    const predictor = await load(bytes, { runtime });
    await predictor.close();
    await predictor.close();
    expect(releases()).toBe(1);
  });

  test.each<[problem: string, change: Partial<OnnxInferenceSession>]>([
    [
      '"y" is a sequence, map or optional value, which is not supported',
      { outputMetadata: [{ name: "y", isTensor: false }] },
    ],
    [
      '"x" is a tensor of float8, which is not supported',
      { inputMetadata: [{ name: "x", isTensor: true, type: "float8", shape: [] }] },
    ],
    [
      '"x" is a tensor of constructor, which is not supported',
      { inputMetadata: [{ name: "x", isTensor: true, type: "constructor", shape: [] }] },
    ],
  ])("is released when the model is refused: %s", async (problem, change) => {
    const { runtime, releases } = standIn(change);
    expect(await errorOf(load(bytes, { runtime }))).toMatchObject({ code: "MODEL_LOAD_FAILED", problem });
    expect(releases()).toBe(1);
  });

  test.each<[problem: string, run: OnnxInferenceSession["run"]]>([
    ["out of memory", () => Promise.reject(new Error("out of memory. "))],
    ["out of memory", () => Promise.reject("out of memory" as unknown as Error)],
    [
      "at once",
      () => {
        throw new Error("at once");
      },
    ],
    ['it gave no value for the output "y"', async () => ({})],
    [
      'it gave a tensor of bfloat16 for the output "y"',
      async () => ({ y: { type: "bfloat16", dims: [1], data: [] } }),
    ],
  ])("that fails with %j is BACKEND_FAILED", async (problem, run) => {
    const { runtime } = standIn({ run });
    await using predictor = await load(bytes, { runtime });
    expect(await errorOf(predictor.predict(x))).toMatchObject({
      code: "BACKEND_FAILED",
      backend: "onnx",
      problem,
    });
  });
});
