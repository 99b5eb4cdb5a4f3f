import { parentPort, workerData } from "node:worker_threads";
import { InferenceSession, Tensor } from "onnxruntime-node";

import type { BatcherMessage } from "./batcher-engine.ts";
import type { EngineOptions } from "./engine.ts";
import { ownSessionOptions } from "./session-options.ts";

// The other thread of createBatcherEngine().

const { modelFile, inputSize } = workerData as EngineOptions;
const port = parentPort!;
const session = await InferenceSession.create(modelFile, ownSessionOptions(modelFile));
port.on("message", (rows: BatcherMessage | "close") => void answer(rows));
port.postMessage("ready");

async function answer(rows: BatcherMessage | "close"): Promise<void> {
  if (rows === "close") {
    await session.release();
    port.close();
    return;
  }
  const { y } = await session.run({ x: new Tensor("float32", rows, [rows.length / inputSize, inputSize]) });
  const answers = y!.data as BatcherMessage;
  port.postMessage(answers, [answers.buffer]);
}
