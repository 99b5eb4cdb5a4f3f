import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { openArtifact, type Session, tensor, type Tensor, type TensorMap } from "@mlops/core";
import { type RunningWorker, startWorker } from "@mlops/core/worker";
import { buildModel, type ElementType, identityModel, mlpModel, node } from "@mlops/onnx-builder";
import { describe, expect, test } from "vitest";

import { onnx } from "./backend.ts";
import type { OnnxConfig } from "./config.ts";
import { errorOf } from "./predict.fixtures.ts";

const isolations = ["thread", "process"] as const;

async function start(
  isolation: "thread" | "process",
  config: OnnxConfig = {},
): Promise<RunningWorker & AsyncDisposable> {
  const worker = await startWorker({ module: new URL("worker.ts", import.meta.url), config, isolation });
  return {
    ...worker,
    async [Symbol.asyncDispose]() {
      await worker.stop();
    },
  };
}

const threes = {
  float32: tensor("float32", [1.5, Number.NaN, -Infinity], [1, 3]),
  float64: tensor("float64", [Math.PI, -0, 5e-324], [1, 3]),
  float16: tensor("float16", Uint16Array.of(0x3c00, 1, 0xfc00), [1, 3]),
  int8: tensor("int8", [-128, 0, 127], [1, 3]),
  uint8: tensor("uint8", [0, 1, 255], [1, 3]),
  int16: tensor("int16", [-32768, 0, 32767], [1, 3]),
  uint16: tensor("uint16", [0, 1, 65535], [1, 3]),
  int32: tensor("int32", [-(2 ** 31), 0, 2 ** 31 - 1], [1, 3]),
  uint32: tensor("uint32", [0, 1, 2 ** 32 - 1], [1, 3]),
  int64: tensor("int64", [-(2n ** 63n), 0n, 2n ** 63n - 1n], [1, 3]),
  uint64: tensor("uint64", [0n, 1n, 2n ** 64n - 1n], [1, 3]),
  bool: tensor("bool", [true, false, true], [1, 3]),
  string: tensor("string", ["", "zwölf", "🦆"], [1, 3]),
} satisfies Partial<Record<ElementType, Tensor>>;

const mlp = mlpModel({ inputSize: 64, hiddenSizes: [64], outputSize: 4, seed: 3 });
const rowsOf = (rows: number, seed: number): TensorMap => ({
  x: tensor(
    "float32",
    Array.from({ length: rows * 64 }, (_, index) => Math.sin(seed + index)),
    [rows, 64],
  ),
});

describe.each(isolations)("ONNX Runtime in a worker %s", (isolation) => {
  test("takes and gives every dtype", async () => {
    await using worker = await start(isolation);
    for (const [dtype, x] of Object.entries(threes)) {
      const session = await worker.load(openArtifact(identityModel(dtype as ElementType)), {});
      expect(session.inputs).toEqual([{ name: "x", dtype, shape: ["batch", 3] }]);
      expect(await session.doRun({ x }, {}), dtype).toEqual({ y: { dtype, shape: [1, 3], data: x.data } });
      const empty = { ...x, shape: [0, 3], data: x.data.slice(0, 0) } as Tensor;
      expect((await session.doRun({ x: empty }, {}))["y"], dtype).toMatchObject({ dtype, shape: [0, 3] });
      await session.release();
    }
  });

  test("answers as it does inline, also when runs overlap", async () => {
    await using worker = await start(isolation, { session: { intraOpNumThreads: 1 } });
    const inline: Session = await onnx({ session: { intraOpNumThreads: 1 } }).load(openArtifact(mlp), {});
    const remote = await worker.load(openArtifact(mlp), {});
    expect({ ...remote }).toMatchObject({
      inputs: inline.inputs,
      outputs: inline.outputs,
      device: inline.device,
      maxBatchSize: inline.maxBatchSize,
      supportsParallelRuns: inline.supportsParallelRuns,
      precision: inline.precision,
    });
    const inputs = Array.from({ length: 40 }, (_, index) => rowsOf(1 + (index % 7), index));
    const results = await Promise.all(inputs.map((tensors) => remote.doRun(tensors, {})));
    for (const [index, result] of results.entries()) {
      const expected = await inline.doRun(inputs[index]!, {});
      expect(result["y"]).toEqual({ ...expected["y"], shape: [...expected["y"]!.shape] });
    }
    expect(inputs).toEqual(Array.from({ length: 40 }, (_, index) => rowsOf(1 + (index % 7), index)));
    await inline.release();
  });

  test("fails to load as it does inline", async () => {
    await using worker = await start(isolation);
    const garbage = openArtifact(new TextEncoder().encode("no model"));
    expect(await errorOf(worker.load(garbage, {}))).toMatchObject({
      code: "MODEL_LOAD_FAILED",
      problem: expect.stringContaining("protobuf parsing failed"),
      cause: { message: expect.stringContaining("protobuf parsing failed") },
    });
    const damaged = openArtifact(mlp, { sha256: "0".repeat(64) });
    expect(await errorOf(worker.load(damaged, {}))).toMatchObject({ code: "INTEGRITY_MISMATCH" });
    expect(await errorOf(worker.load(openArtifact("/no/such/model.onnx"), {}))).toMatchObject({
      code: "MODEL_LOAD_FAILED",
      problem: "there is no such file",
    });
  });

  test("fails to run as it does inline, and runs on", async () => {
    const shape = ["batch", 3];
    const reshaping = buildModel({
      name: "reshaping",
      inputs: [{ name: "x", dtype: "float32", shape }],
      outputs: [{ name: "y", dtype: "float32", shape }],
      initializers: { sizes: { dtype: "int64", shape: [2], data: BigInt64Array.of(2n, 3n) } },
      nodes: [node("Reshape", ["x", "sizes"], ["y"])],
    });
    await using worker = await start(isolation);
    const session = await worker.load(openArtifact(reshaping), {});
    const error = await errorOf(session.doRun({ x: threes.float32 }, {}));
    expect(error).toMatchObject({ code: "BACKEND_FAILED", backend: "onnx" });
    expect(error.cause).toHaveProperty("message", expect.stringContaining("Reshape"));
    const fitting = tensor("float32", [1, 2, 3, 4, 5, 6], [2, 3]);
    expect(await session.doRun({ x: fitting }, {})).toEqual({ y: { ...fitting } });
  });

  test("refuses a configuration as it does inline", async () => {
    const starting = start(isolation, { session: { intraOpNumThreads: 0 } });
    expect(await errorOf(starting)).toMatchObject({
      code: "INVALID_OPTIONS",
      option: "session.intraOpNumThreads",
    });
  });

  test.each([
    ["forgets", "1,2,3"],
    ["stops", "1,2,3 exited"],
    ["abandons", isolation === "thread" ? "abandoned WORKER_LOST" : "killed WORKER_LOST"],
  ])("lets a program that %s it end by itself", async (ending, said) => {
    const program = new URL("worker-program.fixtures.ts", import.meta.url);
    const result = await promisify(execFile)(
      process.execPath,
      ["--conditions=@mlops/source", program.pathname, isolation, ending],
      { env: { ...process.env, NODE_OPTIONS: "" }, timeout: 25_000 },
    );
    expect(result).toEqual({ stdout: `${said}\n`, stderr: "" });
  });
});

test("a process that is killed in the middle of a run is lost, and this one is not", async () => {
  await using worker = await start("process", { session: { intraOpNumThreads: 1 } });
  const large = mlpModel({ inputSize: 64, hiddenSizes: [1024, 1024, 1024], outputSize: 4, seed: 3 });
  const session = await worker.load(openArtifact(large), {});
  // A fraction of a second each; the grace that is none kills the process in one of them.
  const runs = [1, 2, 3].map((seed) => session.doRun(rowsOf(4096, seed), {}));
  const outcomes = Promise.allSettled(runs);
  expect(await worker.stop({ graceMs: 0 })).toBe("killed");
  expect((await outcomes).at(-1)).toMatchObject({ status: "rejected", reason: { code: "WORKER_LOST" } });
});
