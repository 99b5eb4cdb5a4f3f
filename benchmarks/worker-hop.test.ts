import { Worker } from "node:worker_threads";

import { expect, test } from "vitest";

import { createWays, type HopReply, wayNames } from "./worker-hop/ways.ts";

test("every way takes all elements there, time and again, and leaves them where they were", async () => {
  const worker = new Worker(new URL("worker-hop/thread.ts", import.meta.url));
  const source = Float32Array.from({ length: 1000 }, (_, index) => index);
  const ways = createWays(
    source,
    (message, transfer) =>
      new Promise((resolve) => {
        worker.once("message", (reply: HopReply) => resolve(reply));
        worker.postMessage(message, transfer);
      }),
  );
  for (const name of [...wayNames, ...wayNames]) expect(await ways[name](), name).toBe(499_500);
  expect(source[999]).toBe(999);
  await worker.terminate();
});
