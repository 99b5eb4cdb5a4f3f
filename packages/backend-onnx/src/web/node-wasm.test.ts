import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

import { openArtifact, type Session, tensor, type TensorMap } from "@mlops/core";
import { expect, test } from "vitest";

import { onnx } from "../backend.ts";
import { openNodeWasmSession } from "./node-wasm.ts";

const silero = new URL("../../node_modules/@ricky0123/vad-web/dist/silero_vad_v5.onnx", import.meta.url);

async function open(warnings: Parameters<typeof openNodeWasmSession>[0]["warnings"] = []): Promise<Session> {
  const bytes = new Uint8Array(await readFile(silero));
  return openNodeWasmSession({ bytes, location: silero.href, session: { intraOpNumThreads: 2 }, warnings });
}

test("a model has the signature that the native build reads, and gives what it gives", async () => {
  const wasm = await open();
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

test("says where it runs, what went before, and that it has one thread", async () => {
  const earlier = { type: "other", message: "there is no native binding" } as const;
  const session = await open([earlier]);
  expect(session).toMatchObject({
    device: "wasm",
    threads: 1,
    warnings: [earlier, { type: "unsupported-setting", setting: "session.intraOpNumThreads" }],
  });
  await session.release();
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
