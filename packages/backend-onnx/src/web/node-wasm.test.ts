import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { type Artifact, openArtifact, tensor, type TensorMap } from "@mlops/core";
import { expect, test } from "vitest";

import { onnx } from "../backend.ts";
import { externalModel } from "../external-data.fixtures.ts";

const silero = new URL("../../node_modules/@ricky0123/vad-web/dist/silero_vad_v5.onnx", import.meta.url);

test("a model has the signature that the native build reads, and gives what it gives", async () => {
  const wasm = await onnx({ device: "wasm" }).load(openArtifact(silero), {});
  const native = await onnx().load(openArtifact(silero), {});
  expect(wasm.inputs).toEqual(native.inputs);
  expect(wasm.outputs).toEqual(native.outputs);
  const waves = (length: number, step: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * step));
  const inputs: TensorMap = {
    input: tensor("float32", waves(2 * 576, 0.03), [2, 576]),
    state: tensor("float32", waves(2 * 2 * 128, 1), [2, 2, 128]),
    sr: tensor("int64", [16_000n], []),
  };
  const [expected, actual] = [await native.doRun(inputs, {}), await wasm.doRun(inputs, {})];
  const { relative, absolute } = wasm.precision;
  for (const [name, { shape, data }] of Object.entries(expected)) {
    expect(actual[name]!.shape).toEqual([...shape]);
    for (const [index, value] of [...data].entries()) {
      const difference = Math.abs(Number(actual[name]!.data[index]) - Number(value));
      expect(difference).toBeLessThanOrEqual(absolute + relative * Math.abs(Number(value)));
    }
  }
  await Promise.all([wasm.release(), native.release()]);
});

test("a model has its tensors in files beside it", async () => {
  const vectors: Readonly<Record<string, Float32Array>> = {
    "one.bin": Float32Array.of(1, 2, 3),
    "two.bin": Float32Array.of(10, 20, 30),
  };
  const artifact: Artifact = {
    location: "external.onnx",
    read: async () => externalModel("one.bin", "two.bin"),
    sibling: (path) => openArtifact(new Uint8Array(vectors[path]!.buffer)),
  };
  const session = await onnx({ device: "wasm" }).load(artifact, {});
  const { y } = await session.doRun({ x: tensor("float32", [0, 0, 1], [1, 3]) }, {});
  expect([...y!.data]).toEqual([11, 22, 34]);
  await session.release();
});

test("serves where the native binding does not exist, and says why it does", async () => {
  const runtime = () => Promise.reject(new Error("there is no binding for this platform"));
  const session = await onnx({ device: ["cpu", "wasm"], runtime }).load(openArtifact(silero), {});
  expect(session).toMatchObject({
    device: "wasm",
    warnings: [
      {
        type: "device-unavailable",
        device: "cpu",
        message: expect.stringContaining("there is no binding for this platform"),
      },
    ],
  });
  await session.release();
  await expect(onnx({ runtime }).load(openArtifact(silero), {})).rejects.toThrow("there is no binding");
});

// A process of its own: what WebAssembly prints goes past everything that a test could hold.
test("a load and a run that fail print nothing", async () => {
  const program = new URL("node-wasm-silence.fixtures.ts", import.meta.url);
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@mlops/source", program.pathname],
    { env: { ...process.env, NODE_OPTIONS: "" } },
  );
  expect(stderr).toBe("");
  expect(stdout.trim().split("\n")).toEqual(["MODEL_LOAD_FAILED", "BACKEND_FAILED", "NO_ERROR"]);
});
