import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { onnx } from "@mlops/backend-onnx";
import * as onnxruntime from "onnxruntime-node";

import type { DeviceUnderTest } from "./device-under-test.ts";
import { bareOptions, byPredictor, byRuntime, loads } from "./execute.ts";

/** The CPU, by `onnxruntime-node`. */
export function nodeCpu(): DeviceUnderTest {
  return {
    device: "cpu",
    runtime: versionOf("onnxruntime-node"),
    predictor: byPredictor(onnx({ session: { intraOpNumThreads: 1 } })),
    bareRuntime: byRuntime(onnxruntime, { ...bareOptions, executionProviders: ["cpu"] }),
  };
}

/** WebGPU, by `onnxruntime-node`. */
export function nodeWebGpu(): DeviceUnderTest {
  const session = { intraOpNumThreads: 1 };
  const strict = onnx({
    device: "webgpu",
    session: { ...session, extra: { session: { disable_cpu_ep_fallback: "1" } } },
  });
  return {
    device: "webgpu",
    runtime: versionOf("onnxruntime-node"),
    predictor: byPredictor(onnx({ device: "webgpu", session })),
    bareRuntime: byRuntime(onnxruntime, { ...bareOptions, executionProviders: ["webgpu"] }),
    runsOnDevice: (model) => loads(strict, model),
  };
}

/** WebAssembly in Node, by `onnxruntime-web`. */
export async function nodeWasm(): Promise<DeviceUnderTest> {
  return {
    device: "wasm",
    runtime: versionOf("onnxruntime-web"),
    predictor: byPredictor(onnx({ device: "wasm" })),
    bareRuntime: byRuntime(await import("onnxruntime-web"), { ...bareOptions, executionProviders: ["wasm"] }),
  };
}

function versionOf(packageName: string): string {
  // By its folder, because a package need not export its manifest.
  const [folder = ""] = createRequire(import.meta.url)
    .resolve(packageName)
    .split("/dist/");
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  const { version } = manifest;
  return `${packageName} ${version}`;
}
