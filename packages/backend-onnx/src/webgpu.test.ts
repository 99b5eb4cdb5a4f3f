import { createPredictor, defineModel, openArtifact } from "@mlops/core";
import { type ConformanceModelName, describeBackend, workerWrapper } from "@mlops/core/testing";
import { mlpModel } from "@mlops/onnx-builder";
import { afterAll, describe, expect, test, vi } from "vitest";

import { describeWith, requirement } from "../../../scripts/test/requirement.ts";
import { useVulkanDriver } from "../../../scripts/test/use-vulkan-driver.ts";
import { onnx } from "./backend.ts";
import { conformanceModel, slowModel } from "./conformance-models.fixtures.ts";
import { threeColumns } from "./predict.fixtures.ts";

describeWith(requirement("webgpu"), "onnx on WebGPU", ({ path }) => {
  useVulkanDriver(path);
  const runner = { describe, test };
  // Gather does not look on a GPU whether an index is out of range, and the suite needs a run that fails.
  const device = { name: "webgpu", forceCpuNodeNames: ["lookup"] } as const;
  const backend = onnx({ device, session: { intraOpNumThreads: 1 } });
  // A driver that computes on the CPU is slow enough without the suite's own long run.
  const models = (name: ConformanceModelName): Uint8Array =>
    name === "slow" ? slowModel(64) : conformanceModel(name);
  const timeoutMs = 60_000;
  vi.setConfig({ testTimeout: timeoutMs });
  describeBackend("onnx on webgpu", { backend, models, timeoutMs }, runner);

  const remote = workerWrapper(backend, { isolation: "thread" });
  afterAll(() => remote.stop());
  describeBackend("onnx on webgpu, in a worker thread", { backend: remote, models, timeoutMs }, runner);

  const bytes = mlpModel({ inputSize: 3, hiddenSizes: [64], outputSize: 2, seed: 1 });

  test("says where it runs, and that it needs no core", async () => {
    const session = await onnx({ device: ["webgpu", "cpu"] }).load(openArtifact(bytes), { threads: 2 });
    expect(session).toMatchObject({ device: "webgpu", threads: 0, warnings: [] });
    await session.release();
  });

  // Without the lock, two threads of a process on WebGPU end it by a segmentation fault.
  test("lets several threads and predictors take turns", async () => {
    const model = defineModel({ name: "network", version: "1", artifact: bytes });
    const inputs = Array.from({ length: 40 }, (_, row) => threeColumns(row, 1 - row, row / 2));
    await using onCpu = await createPredictor({ model, backend: onnx(), execution: "inline" });
    const expected = await onCpu.predictMany(inputs);
    const open = (execution: "inline" | "worker") =>
      createPredictor({
        model,
        backend: onnx({ device: "webgpu" }),
        execution,
        workers: execution === "inline" ? undefined : { min: 2, max: 2 },
        batching: false,
      });
    await using inThreads = await open("worker");
    await using inline = await open("inline");
    for (const answers of await Promise.all([inThreads.predictMany(inputs), inline.predictMany(inputs)])) {
      for (const [row, { y }] of answers.entries()) {
        for (const [column, value] of [...(y!.data as Float32Array)].entries()) {
          expect(value).toBeCloseTo(Number(expected[row]!["y"]!.data[column]), 3);
        }
      }
    }
  });
});
