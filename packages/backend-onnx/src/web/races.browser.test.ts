import {
  type ArtifactSource,
  createPredictor,
  defineModel,
  type Execution,
  openArtifact,
  type Predictor,
  tensor,
  type TensorMap,
} from "@mlops/core";
import { addModel, mlpModel } from "@mlops/onnx-builder";
import { describe, expect, test } from "vitest";
import { commands } from "vitest/browser";

import { onnx } from "../browser.ts";
import type { OnnxConfig } from "../config.ts";

type Tensors = Predictor<TensorMap, TensorMap>;

const add = (a: number, b: number): TensorMap => ({
  a: tensor("float32", [a, a], [1, 2]),
  b: tensor("float32", [b, -b], [1, 2]),
});
const sums = ({ sum }: TensorMap): number[] => [...sum!.data].map(Number);

async function open(
  config: OnnxConfig,
  artifact: ArtifactSource = addModel(),
  execution?: Execution,
): Promise<Tensors> {
  const model = defineModel({ name: "race", version: "1", artifact });
  return createPredictor({ model, backend: onnx(config), execution });
}

/** How many turns the page's event loop has while `work` is under way. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let isOver = false;
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener("message", () => {
    turns += 1;
    if (!isOver) port2.postMessage(undefined);
  });
  port1.start();
  port2.postMessage(undefined);
  await work;
  isOver = true;
  port1.close();
  return turns;
}

describe.each(["worker", "inline"] as const)("two predictors on WebGPU at once, %s", (execution) => {
  test("each gives its own callers their own answers", async () => {
    await using first = await open({ device: "webgpu" }, undefined, execution);
    await using second = await open({ device: "webgpu" }, undefined, execution);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? first : second).predict(add(index, 1))),
    );
    for (const [index, answer] of answers.entries()) expect(sums(answer)).toEqual([index + 1, index - 1]);
  });
});

test("sessions that are made, run and released at once on one thread do not meet", async () => {
  const backend = onnx({ device: "webgpu" });
  const runs = Array.from({ length: 6 }, async (_, index) => {
    const session = await backend.load(openArtifact(addModel()), {});
    const results = await Promise.all([session.doRun(add(index, 2), {}), session.doRun(add(index, 3), {})]);
    await session.release();
    return results.map(sums);
  });
  for (const [index, results] of (await Promise.all(runs)).entries()) {
    expect(results).toEqual([
      [index + 2, index - 2],
      [index + 3, index - 3],
    ]);
  }
});

test.each(["wasm", "webgpu"] as const)(
  "closing in the middle of runs on %s loses no request",
  async (device) => {
    const closed = await open({ device });
    const asked = Array.from({ length: 30 }, (_, index) => closed.predict(add(index, 1)));
    const closing = closed.close();
    const late = closed.predict(add(1, 1));
    await expect(late).rejects.toMatchObject({ code: "CLOSED" });
    for (const [index, outcome] of (await Promise.allSettled(asked)).entries()) {
      if (outcome.status === "fulfilled") expect(sums(outcome.value)).toEqual([index + 1, index - 1]);
      else expect(outcome.reason).toMatchObject({ code: "CLOSED" });
    }
    await closing;
    await using next = await open({ device });
    expect(sums(await next.predict(add(1, 2)))).toEqual([3, -1]);
  },
);

test("a runtime that did not start can be started again", async () => {
  const nowhere = { files: { "ort-wasm-simd-threaded.mjs": "/nowhere/a.mjs" } };
  await expect(open({ web: nowhere })).rejects.toMatchObject({ code: "MODEL_LOAD_FAILED" });
  await using predictor = await open({});
  expect(sums(await predictor.predict(add(1, 2)))).toEqual([3, -1]);
});

test("a model that is none is refused, and the next one is not", async () => {
  const garbage = new TextEncoder().encode("no model");
  await expect(open({ device: ["webgpu", "wasm"] }, garbage)).rejects.toMatchObject({
    code: "MODEL_LOAD_FAILED",
    problem: expect.stringMatching(/no device of the chain took it\. webgpu: .* wasm: /),
  });
  await using predictor = await open({ device: ["webgpu", "wasm"] });
  expect(predictor.info).toMatchObject({ device: "webgpu", warnings: [] });
});

test("a chain goes on to the first device that is there, and says why the others are not", async () => {
  await using predictor = await open({ device: ["webnn", "cpu"] });
  expect(predictor.info).toMatchObject({
    device: "wasm",
    execution: "worker",
    warnings: [{ type: "other", message: expect.stringContaining("The device webnn is not used") }],
  });
  expect(sums(await predictor.predict(add(1, 2)))).toEqual([3, -1]);
});

test("a tab that was frozen for a while answers what it was asked before", async () => {
  await using predictor = await open({ device: "webgpu" });
  const asked = Array.from({ length: 10 }, (_, index) => predictor.predict(add(index, 1)));
  await commands.freezePage(500);
  for (const [index, answer] of (await Promise.all(asked)).entries()) {
    expect(sums(answer)).toEqual([index + 1, index - 1]);
  }
  expect(sums(await predictor.predict(add(1, 2)))).toEqual([3, -1]);
});

test("the page's event loop goes round during a run in a worker, and stands still during one inline", async () => {
  const large = mlpModel({ inputSize: 64, hiddenSizes: [512, 512, 512], outputSize: 4, seed: 3 });
  const x = tensor("float32", new Float32Array(1024 * 64), [1024, 64]);
  await using worker = await open({}, large);
  await using inline = await open({}, large, "inline");
  const [inWorker, onPage] = [
    await turnsDuring(worker.predict({ x })),
    await turnsDuring(inline.predict({ x })),
  ];
  expect(onPage).toBeLessThan(20);
  expect(inWorker).toBeGreaterThan(20 * Math.max(onPage, 1));
});

test("where several threads were asked for and one is there, it is said", async () => {
  const asked = { session: { intraOpNumThreads: 2 } };
  await using several = await open(asked);
  expect(several.info.warnings).toEqual([]);
  const { href } = new URL(
    "../../node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm",
    import.meta.url,
  );
  await using one = await open({ ...asked, web: { files: { "ort-wasm-simd-threaded.wasm": href } } });
  expect(one.info.warnings).toMatchObject([
    { type: "unsupported-setting", setting: "session.intraOpNumThreads" },
  ]);
  expect(sums(await one.predict(add(1, 2)))).toEqual([3, -1]);
});

test("the bytes of the runtime can be given", async () => {
  const url = new URL("../../node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm", import.meta.url);
  const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
  await using predictor = await open({ web: { files: { "ort-wasm-simd-threaded.wasm": bytes } } });
  expect(sums(await predictor.predict(add(1, 2)))).toEqual([3, -1]);
});

test.each([
  [{ device: [] }, "device"],
  [{ device: ["wasm", "cpu"] }, "device[1]"],
  [{ device: "gpu" }, "device"],
  [{ device: [{ name: "webgpu", preferredLayout: "NWHC" }] }, "device[0].preferredLayout"],
  [{ web: { files: { "ort.wasm": "/x" } } }, 'web.files["ort.wasm"]'],
  [{ web: { files: "http://[" } }, "web.files"],
  [{ session: { intraOpNumThreads: 0 } }, "session.intraOpNumThreads"],
])("%j is refused", (config, option) => {
  expect(() => onnx(config as OnnxConfig)).toThrow(
    expect.objectContaining({ code: "INVALID_OPTIONS", option }) as Error,
  );
});
