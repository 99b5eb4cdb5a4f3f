import { onnx } from "@mlops/backend-onnx";

import type { DeviceUnderTest } from "./device-under-test.ts";
import { bareOptions, byPredictor, byRuntime, loads } from "./execute.ts";
import { withTimeLimit } from "./with-time-limit.ts";

/** How long a run may take on a GPU; a processor that computes in its place takes up to a second. */
const limitMs = 20_000;

/** WebAssembly on a page's thread, by `onnxruntime-web`. */
export async function chromiumWasm(): Promise<DeviceUnderTest> {
  const runtime = await import("onnxruntime-web/wasm");
  return {
    device: "chromium-wasm",
    runtime: `onnxruntime-web ${runtime.env.versions.web}`,
    predictor: byPredictor(onnx({ device: "wasm" })),
    bareRuntime: byRuntime(runtime, { ...bareOptions, executionProviders: ["wasm"] }),
  };
}

/** WebGPU on a page's thread, by `onnxruntime-web`. */
export async function chromiumWebGpu(): Promise<DeviceUnderTest> {
  const runtime = await import("onnxruntime-web/webgpu");
  const strict = onnx({
    device: "webgpu",
    session: { extra: { session: { disable_cpu_ep_fallback: "1" } } },
  });
  return {
    device: "chromium-webgpu",
    runtime: `onnxruntime-web ${runtime.env.versions.web}`,
    predictor: withTimeLimit(byPredictor(onnx({ device: "webgpu" })), limitMs),
    bareRuntime: withTimeLimit(
      byRuntime(runtime, { ...bareOptions, executionProviders: ["webgpu"] }),
      limitMs,
    ),
    runsOnDevice: (model) => loads(strict, model),
  };
}
