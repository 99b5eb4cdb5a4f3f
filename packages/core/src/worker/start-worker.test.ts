import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, onTestFinished, test, vi } from "vitest";

import { makeTemporaryFolder } from "../artifact/temporary-folder.fixtures.ts";
import type { WorkerLostError } from "../errors/worker-lost-error.ts";
import { FakeEnvironment } from "../predictor/fake-environment.fixtures.ts";
import { tensor, type TensorMap } from "../tensor/tensor.ts";
import { startWorker } from "./start-worker.ts";
import {
  errorOf,
  fakeArtifact,
  isolations,
  isRunning,
  order,
  startFakeSession,
  startFakeWorker,
  until,
} from "./worker.fixtures.ts";

const row = (...numbers: number[]): TensorMap => ({ x: tensor("float32", numbers) });
const makeGate = (): Int32Array<SharedArrayBuffer> => new Int32Array(new SharedArrayBuffer(8));
const open = (gate: Int32Array<SharedArrayBuffer>): void => {
  Atomics.store(gate, 0, 1);
  Atomics.notify(gate, 0);
};

/** Fails the test if something rejects and nobody hears of it. */
function expectNoUnhandledRejection(): void {
  const unhandled = vi.fn<(reason: unknown) => void>();
  process.on("unhandledRejection", unhandled);
  onTestFinished(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
}

describe.each(isolations)("starting a worker %s", (isolation) => {
  test("fails as the backend fails there", async () => {
    expect(await errorOf(startFakeWorker({ isolation, refuse: "typed" }))).toMatchObject({
      name: "InvalidOptionsError",
      option: "refuse",
      message: 'The option "refuse" is set.',
    });
    expect(await errorOf(startFakeWorker({ isolation, refuse: "untyped" }))).toMatchObject({
      code: "INVALID_OPTIONS",
      message: 'The option "config" was refused by the worker: no such configuration.',
      cause: { name: "TypeError", message: "no such configuration" },
    });
  });

  test("fails when the configuration cannot be sent", async () => {
    const gate = (() => {}) as never;
    expect(await errorOf(startFakeWorker({ isolation, gate }))).toMatchObject({
      code: "INVALID_OPTIONS",
      option: "config",
      problem: expect.stringMatching("could not be cloned"),
    });
  });

  test("tells why a module could not be loaded", async () => {
    const module = new URL("no-such-file.ts", import.meta.url);
    const error = await errorOf(startWorker({ module, config: {}, isolation }));
    expect(error).toMatchObject({ code: "WORKER_LOST" });
    expect((error.cause as Error).message).toContain("Cannot find module");
  });

  test("fails when a module ends without having hosted a backend", async () => {
    const module = new URL("protocol.ts", import.meta.url);
    expect(await errorOf(startWorker({ module, config: {}, isolation }))).toMatchObject({
      code: "WORKER_LOST",
      problem: expect.stringMatching("exited with code 0"),
    });
  });

  test("refuses a worker that speaks another version of the protocol", async () => {
    await using folder = await makeTemporaryFolder();
    const program = `
      import { parentPort } from "node:worker_threads";
      const hello = { type: "hello", version: 99 };
      const onMessage = ({ type }) => type === "stop" && process.exit(0);
      if (parentPort) parentPort.on("message", onMessage).postMessage(hello);
      else process.on("message", onMessage).send(hello);
    `;
    const path = await folder.write("other-version.mjs", program);
    const module = new URL(`file://${path}`);
    expect(await errorOf(startWorker({ module, config: {}, isolation }))).toMatchObject({
      code: "UNSUPPORTED",
      message: expect.stringMatching(/version 99 .* speaks 1, is not supported/),
    });
  });

  test("can be given up, before it has begun and after", async () => {
    const before = errorOf(startFakeWorker({ isolation, signal: AbortSignal.abort("never") }));
    expect(await before).toMatchObject({ code: "ABORTED", stage: "loading", cause: "never" });
    const controller = new AbortController();
    const starting = errorOf(startFakeWorker({ isolation, signal: controller.signal }));
    controller.abort("enough");
    expect(await starting).toMatchObject({ code: "ABORTED", stage: "loading", cause: "enough" });
  });
});

describe.each(isolations)("a worker %s that ends by itself", (isolation) => {
  test.each([
    ["exit", "exited with code 7", ""],
    ["crash", isolation === "thread" ? "it failed (out of nowhere)" : "exited with code 1", "out of nowhere"],
  ] as const)("by %s fails every call, once, and all that follow", async (command, problem, cause) => {
    expectNoUnhandledRejection();
    const lost: WorkerLostError[] = [];
    await using fake = await startFakeSession({
      isolation,
      supportsParallelRuns: true,
      onLost: (error) => lost.push(error),
    });
    const { worker, session } = fake;
    const errors = await Promise.all([
      errorOf(session.doRun(order("wait"), {})),
      errorOf(session.doRun(order("wait"), {})),
      errorOf(session.doRun(order(command), {})),
      errorOf(
        worker.load({ location: "slow", read: () => new Promise(() => {}), sibling: () => fakeArtifact }, {}),
      ),
    ]);
    errors.push(
      await errorOf(session.doRun(order("echo"), {})),
      await errorOf(worker.load(fakeArtifact, {})),
    );
    expect(new Set(errors).size).toBe(6);
    for (const error of [...errors, ...lost]) {
      expect(error).toMatchObject({ code: "WORKER_LOST", problem: expect.stringContaining(problem) });
      expect(String((error.cause as Error | undefined)?.message)).toContain(cause);
    }
    expect(lost).toHaveLength(1);
    await session.release();
    expect(await worker.stop()).toBe("exited");
  });
});

test("a thread that runs out of memory is lost, and this process is not", async () => {
  await using fake = await startFakeSession({ resourceLimits: { maxOldGenerationSizeMb: 32 } });
  expect(await errorOf(fake.session.doRun(order("fill the heap"), {}))).toMatchObject({
    code: "WORKER_LOST",
    problem: expect.stringContaining("memory limit"),
    cause: { code: "ERR_WORKER_OUT_OF_MEMORY" },
  });
});

test("a thread that ends while it is idle is lost, and so is the next call", async () => {
  let onLost = (_error: WorkerLostError): void => {};
  const lost = new Promise<WorkerLostError>((resolve) => {
    onLost = resolve;
  });
  await using fake = await startFakeSession({ onLost });
  // The run is answered before the thread ends.
  expect(await fake.session.doRun(order("exit later", row(1)), {})).toEqual(row(1));
  expect(await lost).toMatchObject({ code: "WORKER_LOST" });
  expect(await errorOf(fake.session.doRun(order("echo"), {}))).toMatchObject({ code: "WORKER_LOST" });
});

test("a process that is killed in the middle of a run is lost, once", async () => {
  expectNoUnhandledRejection();
  await using folder = await makeTemporaryFolder();
  const logFile = join(folder.path, "log");
  await writeFile(logFile, "");
  const onLost = vi.fn<(error: WorkerLostError) => void>();
  await using fake = await startFakeSession({ isolation: "process", logFile, onLost });
  const settled = vi.fn<(error: Error) => void>();
  const runs = [
    errorOf(fake.session.doRun(order("block"), {})),
    errorOf(fake.session.doRun(order("echo"), {})),
  ];
  for (const run of runs) void run.then(settled);
  let log = "";
  while (!log.includes("running")) log = await readFile(logFile, "utf8");
  process.kill(Number(/running (\d+)/.exec(log)![1]), "SIGKILL");
  for (const error of await Promise.all(runs)) {
    expect(error).toMatchObject({ code: "WORKER_LOST", problem: "its process was ended by SIGKILL" });
  }
  expect(settled).toHaveBeenCalledTimes(2);
  expect(onLost).toHaveBeenCalledOnce();
});

describe.each(isolations)("stopping a worker %s", (isolation) => {
  test("waits for the runs that it has, refuses others, and releases each session once", async () => {
    await using folder = await makeTemporaryFolder();
    const logFile = join(folder.path, "log");
    const onLost = vi.fn<(error: WorkerLostError) => void>();
    const { worker, session } = await startFakeSession({ isolation, logFile, onLost });
    const released = await worker.load(fakeArtifact, {});
    await Promise.all([released.release(), released.release()]);
    expect(await readFile(logFile, "utf8")).toBe("released\n");

    const large = { x: tensor("uint8", new Uint8Array(16 * 1024 * 1024).fill(3)) };
    const inputs = [row(1), row(2), large];
    const runs = inputs.map((tensors) => session.doRun(order("echo", tensors), {}));
    const stopping = [worker.stop(), worker.stop()];
    const late = errorOf(session.doRun(order("echo"), {}));
    const results = await Promise.all(runs);
    expect(results.slice(0, 2)).toEqual([row(1), row(2)]);
    expect(Buffer.compare(results[2]!["x"]!.data as Uint8Array, large.x.data)).toBe(0);
    expect(await late).toMatchObject({ code: "WORKER_LOST", problem: "it has been stopped" });
    expect(await Promise.all(stopping)).toEqual(["exited", "exited"]);
    await session.release();
    expect(await worker.stop()).toBe("exited");
    expect(await errorOf(worker.load(fakeArtifact, {}))).toMatchObject({ code: "WORKER_LOST" });
    expect(await readFile(logFile, "utf8")).toBe("released\nreleased\n");
    expect(onLost).not.toHaveBeenCalled();
  });

  test("waits for a model that is being loaded", async () => {
    const worker = await startFakeWorker({ isolation });
    let giveBytes = (_bytes: Uint8Array): void => {};
    const read = vi.fn<() => Promise<Uint8Array>>(
      () =>
        new Promise((resolve) => {
          giveBytes = resolve;
        }),
    );
    const loading = worker.load({ location: "slow", read, sibling: () => fakeArtifact }, {});
    await until(() => read.mock.calls.length > 0);
    const stopping = worker.stop();
    giveBytes(Uint8Array.of(5));
    expect(await loading).toHaveProperty("device", "fake of 5");
    expect(await stopping).toBe("exited");
  });
});

test("a thread that does not stop in time is abandoned, and its calls fail", async () => {
  expectNoUnhandledRejection();
  const gate = makeGate();
  const environment = new FakeEnvironment();
  const onLost = vi.fn<(error: WorkerLostError) => void>();
  const { worker, session } = await startFakeSession({ gate, environment, onLost });
  const run = errorOf(session.doRun(order("block"), {}));
  await until(() => Atomics.load(gate, 1) === 1);
  const stopping = worker.stop({ graceMs: 500 });
  environment.advance(499);
  expect(environment.timerCount).toBe(1);
  environment.advance(1);
  expect(await stopping).toBe("abandoned");
  const problem = "it did not stop within 500 ms and was abandoned";
  expect(await run).toMatchObject({ code: "WORKER_LOST", problem });
  expect(await errorOf(session.doRun(order("echo"), {}))).toMatchObject({ problem });
  expect(await worker.stop()).toBe("abandoned");
  open(gate);
  expect(onLost).not.toHaveBeenCalled();
});

test("a thread that stops in time has its last run answered, and sets no timer for longer", async () => {
  const gate = makeGate();
  const environment = new FakeEnvironment();
  const { worker, session } = await startFakeSession({ gate, environment });
  const run = session.doRun(order("block", row(1)), {});
  await until(() => Atomics.load(gate, 1) === 1);
  const stopping = worker.stop({ graceMs: 500 });
  environment.advance(499);
  open(gate);
  expect(await run).toEqual(row(1));
  expect(await stopping).toBe("exited");
  expect(environment.timerCount).toBe(0);
});

test("a process that does not stop in time is killed, and its calls fail", async () => {
  await using folder = await makeTemporaryFolder();
  const logFile = join(folder.path, "log");
  await writeFile(logFile, "");
  const environment = new FakeEnvironment();
  const { worker, session } = await startFakeSession({ isolation: "process", logFile, environment });
  const run = errorOf(session.doRun(order("block"), {}));
  let log = "";
  while (!log.includes("running")) log = await readFile(logFile, "utf8");
  const stopping = worker.stop({ graceMs: 500 });
  environment.advance(500);
  expect(await stopping).toBe("killed");
  expect(await run).toMatchObject({ problem: "it did not stop within 500 ms and was killed" });
  await until(() => !isRunning(Number(/running (\d+)/.exec(log)![1])));
});
