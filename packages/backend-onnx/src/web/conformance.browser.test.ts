import type { ArtifactSource } from "@mlops/core";
import { type ConformanceModelName, describeBackend, lookupTable, workerWrapper } from "@mlops/core/testing";
import { buildModel, int, node } from "@mlops/onnx-builder";
import { afterAll, describe, test } from "vitest";

import { onnx } from "../browser.ts";
import { conformanceModel } from "../conformance-models.fixtures.ts";

const runner = { describe, test };
const wasm = onnx({ device: "wasm" });
const webgpu = onnx({ device: "webgpu" });

describeBackend(
  "onnx, on WebAssembly on the page's thread",
  { backend: wasm, models: conformanceModel },
  runner,
);

for (const [name, backend] of [
  ["WebAssembly", wasm],
  ["WebGPU", webgpu],
] as const) {
  const remote = workerWrapper(backend, { isolation: "thread" });
  afterAll(() => remote.stop());
  const models = backend === webgpu ? webgpuModel : conformanceModel;
  describeBackend(`onnx, on ${name} in a web worker`, { backend: remote, models }, runner);
}

/**
 * The models of the suite, as WebGPU can have them. A lookup has to fail for an index out of range,
 * and a shader reports nothing; so it fails on 64-bit integers, which WebGPU leaves to the processor.
 * What takes a while does so with less to compute: a processor is the GPU here.
 */
function webgpuModel(name: ConformanceModelName): ArtifactSource {
  if (name === "slow") return slowOnWebgpu();
  if (name !== "lookup") return conformanceModel(name);
  return buildModel({
    name: "lookup",
    inputs: [{ name: "index", dtype: "int32", shape: ["batch", 1] }],
    outputs: [{ name: "y", dtype: "float32", shape: ["batch", 1] }],
    initializers: {
      positions: { dtype: "int64", shape: [4], data: BigInt64Array.of(0n, 1n, 2n, 3n) },
      table: { dtype: "float32", shape: [4], data: Float32Array.from(lookupTable) },
    },
    nodes: [
      node("Gather", ["positions", "index"], ["position"]),
      node("Cast", ["position"], ["place"], { to: int(6) }),
      node("Gather", ["table", "place"], ["y"]),
    ],
  });
}

/** `y = x` by way of 40 changes of sign. */
function slowOnWebgpu(): Uint8Array {
  const steps = 40;
  const name = (step: number): string => (step === 0 ? "x" : step === steps ? "y" : `step_${step}`);
  return buildModel({
    name: "slow",
    inputs: [{ name: "x", dtype: "float32", shape: ["batch", 3] }],
    outputs: [{ name: "y", dtype: "float32", shape: ["batch", 3] }],
    nodes: Array.from({ length: steps }, (_, step) => node("Neg", [name(step)], [name(step + 1)])),
  });
}
