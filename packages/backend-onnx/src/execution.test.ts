import { createPredictor, defineModel, type Execution, tensor, type TensorMap } from "@mlops/core";
import { identityModel, mlpModel } from "@mlops/onnx-builder";
import * as onnxruntime from "onnxruntime-node";
import { describe, expect, it } from "vitest";

import { onnx } from "./backend.ts";

const inputSize = 256;
const bytes = mlpModel({ inputSize, hiddenSizes: [512, 512], outputSize: 4, seed: 7 });
const model = defineModel({ name: "mlp", version: "1", artifact: bytes });

/** A row that no other request has. */
const row = (fingerprint: number): TensorMap => ({
  x: tensor(
    "float32",
    Float32Array.from({ length: inputSize }, (_, index) => Math.sin(fingerprint * 1_000 + index)),
    [1, inputSize],
  ),
});

const executions: Execution[] = ["auto", "inline", "worker", "process"];

describe.each(executions)("execution %s", (execution) => {
  it("gives every caller the answer that it gets alone, within the declared precision", async () => {
    await using alone = await createPredictor({
      model,
      backend: onnx(),
      execution: "inline",
      batching: false,
    });
    await using predictor = await createPredictor({ model, backend: onnx(), execution });
    expect(predictor.info.execution).toBe(execution);
    const fingerprints = Array.from({ length: 300 }, (_, index) => index);
    const answers = await predictor.predictMany(fingerprints.map(row));
    for (const fingerprint of [0, 1, 63, 64, 150, 299]) {
      const expected = (await alone.predict(row(fingerprint)))["y"]!.data as Float32Array;
      const actual = answers[fingerprint]!["y"]!.data as Float32Array;
      expect(actual).toHaveLength(expected.length);
      actual.forEach((value, index) => expect(value).toBeCloseTo(expected[index]!, 4));
    }
  });

  it("fails a request by a typed error, and goes on", async () => {
    await using predictor = await createPredictor({ model, backend: onnx(), execution });
    await expect(predictor.predict({ x: tensor("float32", [1], [1, 1]) })).rejects.toMatchObject({
      code: "SHAPE_MISMATCH",
    });
    await expect(predictor.predict(row(1))).resolves.toHaveProperty("y");
  });

  it("carries text", async () => {
    const artifact = identityModel("string");
    await using predictor = await createPredictor({
      model: defineModel({ name: "text", version: "1", artifact }),
      backend: onnx(),
      execution,
    });
    const texts = ["", "ünïcode ✓", "x".repeat(10_000)];
    expect((await predictor.predict({ x: tensor("string", texts, [1, 3]) }))["y"]!.data).toEqual(texts);
  });

  it("refuses a damaged model by a typed error", async () => {
    const damaged = defineModel({ name: "mlp", version: "1", artifact: bytes.slice(0, 1_000) });
    await expect(createPredictor({ model: damaged, backend: onnx(), execution })).rejects.toMatchObject({
      code: "MODEL_LOAD_FAILED",
    });
  });
});

describe("workers", () => {
  it("are not for a runtime that was passed in", async () => {
    const backend = onnx({ runtime: onnxruntime });
    await using predictor = await createPredictor({ model, backend });
    expect(predictor.info.execution).toBe("inline");
    await expect(createPredictor({ model, backend, execution: "worker" })).rejects.toMatchObject({
      code: "UNSUPPORTED",
    });
  });

  it("keep the event loop free: it turns while a long run is under way", async () => {
    const artifact = mlpModel({ inputSize: 512, hiddenSizes: [2048, 2048, 2048], outputSize: 1, seed: 1 });
    const big = defineModel({ name: "big", version: "1", artifact });
    await using predictor = await createPredictor({ model: big, backend: onnx(), execution: "worker" });
    const rows = 64;
    let turns = 0;
    let isDone = false;
    const count = (): void => {
      turns += 1;
      if (!isDone) setImmediate(count);
    };
    const answer = predictor.predict({ x: tensor("float32", new Float32Array(rows * 512), [rows, 512]) });
    setImmediate(count);
    await answer;
    isDone = true;
    expect(turns).toBeGreaterThan(3);
  });

  it.each([
    [{ execution: "both" }, "execution"],
    [{ workers: { min: 2, max: 1 } }, "workers"],
    [{ execution: "worker", workers: { min: 0 } }, "workers"],
    [{ workers: { max: 0 } }, "workers"],
  ])("refuses %o", async (options, option) => {
    await expect(createPredictor({ model, backend: onnx(), ...(options as object) })).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
      option,
    });
  });
});
