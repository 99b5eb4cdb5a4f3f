import { once } from "node:events";
import { Worker } from "node:worker_threads";

import type { Engine, EngineOptions } from "./engine.ts";

/** What the thread of {@link createBatcherEngine} is sent and answers: rows behind one another. */
export type BatcherMessage = Float32Array<ArrayBuffer>;

const maxBatchSize = 32;

/**
 * A batcher as short as it can be: what waits when the thread is free goes there as one batch. No
 * limit, no deadline, no error handling: what the engine's promises cost shows beside it.
 */
export async function createBatcherEngine(options: EngineOptions): Promise<Engine> {
  const { inputSize } = options;
  const worker = new Worker(new URL("batcher-thread.ts", import.meta.url), { workerData: options });
  const waiting: { row: Float32Array; resolve: (answer: Float32Array) => void }[] = [];
  let running: typeof waiting = [];
  const send = (): void => {
    if (running.length > 0 || waiting.length === 0) return;
    running = waiting.splice(0, maxBatchSize);
    const rows: BatcherMessage = new Float32Array(running.length * inputSize);
    running.forEach(({ row }, index) => rows.set(row, index * inputSize));
    worker.postMessage(rows, [rows.buffer]);
  };
  await once(worker, "message");
  worker.on("message", (answers: BatcherMessage) => {
    const size = answers.length / running.length;
    const answered = running;
    running = [];
    answered.forEach(({ resolve }, index) => resolve(answers.slice(index * size, (index + 1) * size)));
    send();
  });
  return {
    predict: (row) =>
      new Promise((resolve) => {
        waiting.push({ row, resolve });
        queueMicrotask(send);
      }),
    async close() {
      worker.postMessage("close");
      await once(worker, "exit");
    },
  };
}
