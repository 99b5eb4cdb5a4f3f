import { InferenceSession, Tensor } from "onnxruntime-node";

import type { Engine, EngineOptions } from "./engine.ts";

/** What people write today: a run for each request, on the thread that serves. */
export async function createNaiveEngine(
  { modelFile, inputSize }: EngineOptions,
  sessionOptions: InferenceSession.SessionOptions = {},
): Promise<Engine> {
  const session = await InferenceSession.create(modelFile, sessionOptions);
  return {
    async predict(row) {
      const { y } = await session.run({ x: new Tensor("float32", row, [1, inputSize]) });
      return y!.data as Float32Array;
    },
    close: () => session.release(),
  };
}
