import { expect, test } from "vitest";

import type { Backend } from "../backend/backend.ts";
import {
  createPredictor,
  defineModel,
  openArtifact,
  type Predictor,
  tensor,
  type TensorMap,
} from "../index.ts";
import type { Execution } from "../predictor/execution.ts";
import { type RunningWorker, startWorker, type StartWorkerOptions } from "./start-worker.ts";
import { createWebFake, type WebModel, type WebWorkerConfig } from "./web-fake.fixtures.ts";

const module = new URL("./web-worker.fixtures.ts", import.meta.url);
const bytes = (model: WebModel): Uint8Array => new TextEncoder().encode(model);
const row = (...values: number[]): TensorMap => ({ x: tensor("float32", values, [1, 2]) });

const backend: Backend = {
  specificationVersion: "v1",
  name: "web-fake",
  worker: { module, config: {} },
  load: () => Promise.reject(new Error("nothing runs on the page's thread")),
};

async function start(
  config: WebWorkerConfig = {},
  options: Partial<StartWorkerOptions> = {},
): Promise<RunningWorker> {
  return startWorker({ module, config, isolation: "thread", ...options });
}

async function open(
  model: WebModel,
  execution: Execution = "worker",
): Promise<Predictor<TensorMap, TensorMap>> {
  return createPredictor({
    model: defineModel({ name: "web", version: "1", artifact: bytes(model) }),
    backend,
    execution,
    warmup: false,
  });
}

test("a predictor runs in a web worker, and a batch's rows go to those who sent them", async () => {
  await using predictor = await open("double");
  expect(predictor.info.execution).toBe("worker");
  expect(predictor.info.device).toBe("web");
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => predictor.predict(row(index, -index))),
  );
  for (const [index, { y }] of answers.entries()) expect([...y!.data]).toEqual([2 * index, -2 * index]);
});

test("what is sent stays the caller's", async () => {
  const worker = await start();
  const session = await worker.load(openArtifact(bytes("double")), {});
  const memory = Float32Array.of(0, 1, 2, 3);
  const x = tensor("float32", memory.subarray(1, 3), [1, 2]);
  expect((await session.doRun({ x }, {}))["y"]).toEqual(tensor("float32", [2, 4], [1, 2]));
  expect([...memory]).toEqual([0, 1, 2, 3]);
  await session.release();
  expect(await worker.stop()).toBe("exited");
});

test("an error comes with its code and its cause", async () => {
  await using predictor = await open("throw");
  await expect(predictor.predict(row(1, 2))).rejects.toMatchObject({
    code: "BACKEND_FAILED",
    backend: "web-fake",
    cause: { message: "the kernel failed." },
  });
});

test("a configuration is refused as it is on the page", async () => {
  await expect(start({ refuse: true })).rejects.toMatchObject({ code: "INVALID_OPTIONS", option: "refuse" });
});

test("a module that is not there is a lost worker", async () => {
  const starting = start({}, { module: new URL("./no-such-module.ts", import.meta.url) });
  await expect(starting).rejects.toMatchObject({ code: "WORKER_LOST" });
});

test("a worker that crashes is lost, with what it said", async () => {
  const lost: Error[] = [];
  const worker = await start({}, { onLost: (error) => lost.push(error) });
  const session = await worker.load(openArtifact(bytes("crash")), {});
  await expect(session.doRun(row(1, 2), {})).rejects.toMatchObject({
    code: "WORKER_LOST",
    problem: expect.stringContaining("out of nowhere"),
  });
  expect(lost).toHaveLength(1);
  expect(await worker.stop()).toBe("exited");
});

test("a predictor whose worker crashed goes on in another", async () => {
  await using predictor = await open("crash");
  await expect(predictor.predict(row(1, 2))).rejects.toMatchObject({ code: "WORKER_LOST" });
  await expect(predictor.predict(row(1, 2))).rejects.toMatchObject({ code: "WORKER_LOST" });
});

test("a run that does not end is killed when its worker is to stop, and the page goes on meanwhile", async () => {
  const worker = await start();
  const session = await worker.load(openArtifact(bytes("block")), {});
  const running = session.doRun(row(1, 2), {}).catch((error: unknown) => error);
  // A turn of the page's event loop, while the worker has none.
  await new Promise((resolve) => setTimeout(resolve));
  expect(await worker.stop({ graceMs: 0 })).toBe("killed");
  expect(await running).toMatchObject({ code: "WORKER_LOST" });
});

test("processes are refused, with what to do", async () => {
  await expect(open("double", "process")).rejects.toMatchObject({ code: "UNSUPPORTED" });
});

test("a backend that prefers workers has one without being asked, from a function that starts it", async () => {
  const started: Worker[] = [];
  const startOwn = (): Worker => {
    const worker = new Worker(new URL("./web-worker.fixtures.ts", import.meta.url), { type: "module" });
    started.push(worker);
    return worker;
  };
  const preferring: Backend = { ...backend, worker: { module: startOwn, config: {}, isPreferred: true } };
  const model = defineModel({ name: "web", version: "1", artifact: bytes("double") });
  await using predictor = await createPredictor({ model, backend: preferring });
  expect(predictor.info.execution).toBe("worker");
  expect((await predictor.predict(row(1, 2)))["y"]).toEqual(tensor("float32", [2, 4], [1, 2]));
  expect(started).toHaveLength(1);
});

test("where no worker can be started, what prefers one runs inline, and says so", async () => {
  const refused = (): Worker => {
    throw new DOMException("the policy forbids it", "SecurityError");
  };
  const inline: Backend = {
    ...backend,
    worker: { module: refused, config: {}, isPreferred: true },
    load: async (artifact) => createWebFake({}).load(artifact, {}),
  };
  const model = defineModel({ name: "web", version: "1", artifact: bytes("double") });
  await using predictor = await createPredictor({ model, backend: inline });
  expect(predictor.info.execution).toBe("inline");
  expect(predictor.info.warnings).toEqual([
    { type: "other", message: expect.stringContaining("the policy forbids it") },
  ]);
  expect((await predictor.predict(row(1, 2)))["y"]).toEqual(tensor("float32", [2, 4], [1, 2]));
  await expect(createPredictor({ model, backend: inline, execution: "worker" })).rejects.toMatchObject({
    code: "WORKER_LOST",
  });
});
