import { onnx } from "@mlops/backend-onnx";
import { createPredictor, defineModel, tensor } from "@mlops/core";

import type { Engine, EngineOptions } from "./engine.ts";

/** `@mlops/core`, all defaults. */
export async function createOwnEngine({ modelFile, inputSize }: EngineOptions): Promise<Engine> {
  const model = defineModel({ name: "mlp", version: "1", artifact: modelFile });
  const predictor = await createPredictor({ model, backend: onnx() });
  return {
    async predict(row) {
      const { y } = await predictor.predict({ x: tensor("float32", row, [1, inputSize]) });
      return y!.data as Float32Array;
    },
    close: () => predictor.close(),
  };
}
