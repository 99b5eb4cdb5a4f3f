import { once } from "node:events";
import { Worker } from "node:worker_threads";

import { expect, test } from "vitest";

import { processLock } from "./thread-lock.ts";

test("lets one piece of work run at a time, and goes on after one that fails", async () => {
  const [one, other] = [processLock("one at a time"), processLock("one at a time")];
  const events: string[] = [];
  const work = (name: string, outcome: () => string) => async () => {
    events.push(`${name} starts`);
    await new Promise(setImmediate);
    events.push(`${name} ends`);
    return outcome();
  };
  const results = await Promise.allSettled([
    one.run(work("a", () => "a")),
    other.run(
      work("b", () => {
        throw new Error("b");
      }),
    ),
    one.run(work("c", () => "c")),
  ]);
  expect(events).toEqual(["a starts", "a ends", "b starts", "b ends", "c starts", "c ends"]);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});

test("locks of other names do not wait for each other", async () => {
  const order: string[] = [];
  await processLock("outer").run(async () => {
    await processLock("inner").run(() => order.push("inner"));
    order.push("outer");
  });
  expect(order).toEqual(["inner", "outer"]);
});

test("threads take turns", async () => {
  const [threads, rounds] = [4, 200];
  const lock = processLock("threads");
  // A read, a pause and a write: without the lock, counts get lost.
  const counter = new Int32Array(new SharedArrayBuffer(4));
  const program = `
    import { workerData } from "node:worker_threads";
    const { processLock } = await import(workerData.module);
    const lock = processLock("threads");
    for (let round = 0; round < workerData.rounds; round += 1) {
      await lock.run(async () => {
        const count = Atomics.load(workerData.counter, 0);
        await Promise.resolve();
        for (let pause = 0; pause < 1000; pause += 1) Atomics.load(workerData.counter, 0);
        Atomics.store(workerData.counter, 0, count + 1);
      });
    }`;
  const module = new URL("thread-lock.ts", import.meta.url).href;
  const ends = Array.from({ length: threads }, async () => {
    const source = new URL(`data:text/javascript,${encodeURIComponent(program)}`);
    const worker = new Worker(source, { workerData: { module, rounds, counter } });
    return new Promise((resolve, reject) => worker.once("error", reject).once("exit", resolve));
  });
  expect(await Promise.all(ends)).toEqual([0, 0, 0, 0]);
  expect(await lock.run(() => Atomics.load(counter, 0))).toBe(threads * rounds);
});

test("a thread that is terminated in the middle of its work gives the lock back", async () => {
  const lock = processLock("lost thread");
  const program = `
    import { parentPort, workerData } from "node:worker_threads";
    const { processLock } = await import(workerData.module);
    setInterval(() => {}, 1_000);
    await processLock("lost thread").run(() => {
      parentPort.postMessage("taken");
      return new Promise(() => {});
    });`;
  const module = new URL("thread-lock.ts", import.meta.url).href;
  const source = new URL(`data:text/javascript,${encodeURIComponent(program)}`);
  const worker = new Worker(source, { workerData: { module } });
  await once(worker, "message");
  const ran = lock.run(() => "next");
  await worker.terminate();
  expect(await ran).toBe("next");
});
