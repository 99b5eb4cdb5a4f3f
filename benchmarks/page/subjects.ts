import { onnx } from "@mlops/backend-onnx";
import { createPredictor, defineModel, type Predictor, tensor, type TensorMap } from "@mlops/core";

import { batchOf, inputSize } from "./network.ts";

/** What predicts on a page: one batch at a time, told its first answer. */
export interface Subject {
  predict(): Promise<number>;
  close(): Promise<void>;
}

const rows = batchOf();
const dims = [rows.length / inputSize, inputSize];
/** Where the runtime's files are served. */
const files = "/runtime/";

/** The subjects, by their titles; `nothing` is what the page and the machine do by themselves. */
export const startSubject: Readonly<Record<string, (model: Uint8Array) => Promise<Subject>>> = {
  nothing: async () => ({ predict: () => new Promise(() => {}), close: async () => {} }),
  "@mlops/core": async (bytes) => {
    const model = defineModel({ name: "network", version: "1", artifact: bytes });
    const predictor = (await createPredictor({
      model,
      backend: onnx({ web: { files }, session: { intraOpNumThreads: 1 } }),
    })) as Predictor<TensorMap, TensorMap>;
    return {
      async predict() {
        const { y } = await predictor.predict({ x: tensor("float32", rows, dims) });
        return Number(y!.data[0]);
      },
      close: () => predictor.close(),
    };
  },
  "onnxruntime-web": startRuntime,
};

/** The runtime by itself, on the page's thread. It has one thread, as a predictor has on two cores. */
async function startRuntime(bytes: Uint8Array): Promise<Subject> {
  const { env, InferenceSession, Tensor } = await import("onnxruntime-web/wasm");
  env.wasm.wasmPaths = files;
  env.wasm.numThreads = 1;
  const session = await InferenceSession.create(bytes, { executionProviders: ["wasm"] });
  return {
    async predict() {
      const { y } = await session.run({ x: new Tensor("float32", rows.slice(), dims) });
      return Number(y!.data[0]);
    },
    close: () => session.release(),
  };
}
