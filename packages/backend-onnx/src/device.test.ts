import { openArtifact } from "@mlops/core";
import { identityModel } from "@mlops/onnx-builder";
import * as onnxruntime from "onnxruntime-node";
import { describe, expect, test } from "vitest";

import { onnx } from "./backend.ts";
import type { OnnxConfig } from "./config.ts";
import { errorOf, load, threeColumns } from "./predict.fixtures.ts";
import type { OnnxRuntime } from "./runtime.ts";

const bytes = identityModel("float32");
const x = threeColumns(1, 2, 3);

/** A runtime on which some execution providers fail, as they do where a library is missing. */
function runtimeWithout(failing: Readonly<Record<string, string>>, backends?: readonly string[]) {
  const asked: unknown[] = [];
  const runtime: OnnxRuntime = {
    Tensor: onnxruntime.Tensor,
    InferenceSession: {
      create(model, options) {
        const { executionProviders } = options as { executionProviders: readonly unknown[] };
        asked.push(structuredClone(executionProviders));
        const [first] = executionProviders as readonly [string | { readonly name: string }];
        const problem = failing[typeof first === "string" ? first : first.name];
        if (problem !== undefined) throw new Error(problem);
        return onnxruntime.InferenceSession.create(model, { ...options, executionProviders: ["cpu"] });
      },
    },
    ...(backends && { listSupportedBackends: () => backends.map((name) => ({ name, bundled: true })) }),
  };
  return { runtime, asked };
}

describe("a chain of devices", () => {
  test("runs on the first that makes a session, and tells of those before it", async () => {
    const { runtime, asked } = runtimeWithout({ tensorrt: "no library", cuda: "no GPU.\n" });
    const device = ["tensorrt", { name: "cuda", deviceId: 1 }, "webgpu", "cpu"] as const;
    await using predictor = await load(bytes, { runtime, device });
    expect(await predictor.predict(x)).toEqual({ y: x["x"] });
    expect(asked).toEqual([
      ["tensorrt", { name: "cuda", deviceId: 1 }],
      [{ name: "cuda", deviceId: 1 }],
      ["webgpu"],
    ]);
    expect(predictor.info.device).toBe("webgpu");
    expect(predictor.info.warnings).toEqual([
      {
        type: "device-unavailable",
        device: "tensorrt",
        message: expect.stringMatching(
          /^tensorrt could not be used, so the model runs on webgpu: no library\. It needs /,
        ),
      },
      {
        type: "device-unavailable",
        device: "cuda",
        message: expect.stringMatching(/^cuda .*: no GPU\. It needs linux-x64, an NVIDIA GPU, CUDA 12/),
      },
    ]);
  });

  test("does not try what the runtime was built without", async () => {
    const { runtime, asked } = runtimeWithout({}, ["cpu", "webgpu"]);
    await using predictor = await load(bytes, { runtime, device: ["directml", "coreml", "cpu"] });
    expect(asked).toEqual([["cpu"]]);
    expect(predictor.info.warnings.map(({ message }) => message)).toEqual([
      "directml could not be used, so the model runs on cpu: the runtime of this platform was built without it; it has cpu, webgpu. It needs Windows and a GPU with Direct3D 12.",
      "coreml could not be used, so the model runs on cpu: the runtime of this platform was built without it; it has cpu, webgpu. It needs macOS on Apple silicon.",
    ]);
  });

  test("of which none works is an error with the reason of each", async () => {
    const { runtime } = runtimeWithout({ cuda: "Failed to load shared library", cpu: "no model." });
    const error = await errorOf(load(bytes, { runtime, device: ["cuda", "cpu"] }));
    expect(error).toMatchObject({
      code: "MODEL_LOAD_FAILED",
      message:
        "The model at <bytes> could not be loaded: ONNX Runtime refused it on each device. " +
        "cuda: Failed to load shared library. It needs linux-x64, an NVIDIA GPU, CUDA 12, cuDNN 9 and " +
        "the libraries that onnxruntime-node's install script fetches. cpu: no model.",
      cause: { errors: [new Error("Failed to load shared library"), new Error("no model.")] },
    });
  });

  test("of one that does not work names it", async () => {
    const cause = new Error("no adapter");
    const { runtime } = runtimeWithout({ webgpu: "no adapter" });
    expect(await errorOf(load(bytes, { runtime, device: "webgpu" }))).toMatchObject({
      code: "MODEL_LOAD_FAILED",
      problem:
        "ONNX Runtime refused it on webgpu: no adapter. It needs a GPU with a driver for Vulkan, Direct3D 12 or Metal",
      cause,
    });
  });

  // The real runtime, which has no CUDA library, and itself throws instead of going on.
  test.skipIf(process.platform !== "linux" || process.arch !== "x64")(
    "survives a broken installation of CUDA, inline and in a worker",
    async () => {
      await expect(
        onnxruntime.InferenceSession.create(bytes, { executionProviders: ["cuda", "cpu"] }),
      ).rejects.toThrow("Failed to load shared library");
      for (const execution of ["inline", "worker"] as const) {
        const device = ["tensorrt", "cuda", "coreml", "cpu"] as const;
        await using predictor = await load(bytes, { device, execution });
        expect(predictor.info).toMatchObject({
          device: "cpu",
          warnings: [
            { type: "device-unavailable", device: "tensorrt" },
            { type: "device-unavailable", device: "cuda" },
            { type: "device-unavailable", device: "coreml" },
          ],
        });
        expect(await predictor.predict(x)).toEqual({ y: x["x"] });
      }
    },
  );
});

describe("options of devices", () => {
  test.each<[device: OnnxConfig["device"], providers: readonly unknown[]]>([
    [undefined, ["cpu"]],
    [{ name: "cuda", deviceId: 2 }, [{ name: "cuda", deviceId: 2 }]],
    [{ name: "directml", deviceId: 0 }, [{ name: "dml", deviceId: 0 }]],
    ["directml", ["dml"]],
    [
      { name: "webgpu", preferredLayout: "NHWC", validationMode: undefined, enableRobustness: true },
      [{ name: "webgpu", preferredLayout: "NHWC", enableRobustness: true }],
    ],
    ["coreml", [{ name: "coreml", coreMlFlags: 0 }]],
    [{ name: "coreml", computeUnits: "cpuOnly" }, [{ name: "coreml", coreMlFlags: 0x001 }]],
    [
      { name: "coreml", computeUnits: "all", enableOnSubgraphs: true },
      [{ name: "coreml", coreMlFlags: 0x002 }],
    ],
    [{ name: "coreml", onlyWithNeuralEngine: true }, [{ name: "coreml", coreMlFlags: 0x004 }]],
    [
      { name: "coreml", onlyStaticShapes: true, createMlProgram: false },
      [{ name: "coreml", coreMlFlags: 0x008 }],
    ],
    [
      { name: "coreml", computeUnits: "cpuAndGpu", createMlProgram: true },
      [{ name: "coreml", coreMlFlags: 0x030 }],
    ],
  ])("%j go to the runtime as %j", async (device, providers) => {
    const { runtime, asked } = runtimeWithout({});
    const session = await onnx({ runtime, device }).load(openArtifact(bytes), {});
    await session.release();
    expect(asked).toEqual([providers]);
  });

  test.each<[device: unknown, option: string, problem: RegExp]>([
    [[], "device", /^is empty; it has to name at least one device$/],
    [
      "dml",
      "device",
      /^is "dml"; it has to be one of cpu, cuda, tensorrt, directml, webgpu, coreml, wasm, webnn$/,
    ],
    [["cpu", "gpu"], "device[1]", /^is "gpu"; it has to be one of cpu/],
    [[null], "device[0]", /^is undefined; it has to be one of cpu/],
    ["constructor", "device", /^is "constructor"/],
    [["cpu", { name: "cpu" }], "device[1]", /^is cpu again; a device can be in the chain once$/],
    [{ name: "cpu", useArena: true }, "device.useArena", /^is no option of cpu; it has none$/],
    [{ name: "cuda", gpu: 1 }, "device.gpu", /^is no option of cuda; it has deviceId$/],
    [{ name: "cuda", toString: 1 }, "device.toString", /^is no option of cuda; it has deviceId$/],
    [{ name: "cuda", deviceId: -1 }, "device.deviceId", /^is -1; it has to be a whole number of at least 0$/],
    [[{ name: "cuda", deviceId: 0.5 }], "device[0].deviceId", /^is 0.5/],
    [
      { name: "webgpu", preferredLayout: "CHW" },
      "device.preferredLayout",
      /^is "CHW"; it has to be one of NCHW, NHWC$/,
    ],
    [
      { name: "webgpu", forceCpuNodeNames: ["a\nb"] },
      "device.forceCpuNodeNames",
      /it has to be a list of names without line feeds$/,
    ],
    [
      { name: "coreml", createMlProgram: 1 },
      "device.createMlProgram",
      /^is 1; it has to be one of true, false$/,
    ],
  ])("%j is refused: %s", async (device, option, problem) => {
    expect(await errorOf((async () => onnx({ device } as OnnxConfig))())).toMatchObject({
      code: "INVALID_OPTIONS",
      option,
      problem: expect.stringMatching(problem),
    });
  });

  test("are copied when given", async () => {
    const names = ["a"];
    const { runtime, asked } = runtimeWithout({});
    const backend = onnx({ runtime, device: { name: "webgpu", forceCpuNodeNames: names } });
    names.push("b");
    await (await backend.load(openArtifact(bytes), {})).release();
    expect(asked).toEqual([[{ name: "webgpu", forceCpuNodeNames: ["a"] }]]);
  });
});

test("a setting that onnxruntime-node does not read is a warning", async () => {
  const freeDimensionOverrides = { batch: 1 };
  await using predictor = await load(bytes, { session: { freeDimensionOverrides } });
  expect(predictor.info.warnings).toEqual([
    {
      type: "unsupported-setting",
      setting: "session.freeDimensionOverrides",
      message: "onnxruntime-node does not read session.freeDimensionOverrides.",
    },
  ]);
});
