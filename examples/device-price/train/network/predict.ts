import { type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";

import type { EncodedRows } from "../data/encode-rows.ts";
import { inputTensors } from "./input-tensors.ts";

/** The logarithms of the prices in euros that the model gives. */
export function predictLnPrices(model: LayersModel, rows: EncodedRows): Float32Array {
  return tidy(() => {
    // The model has one output, and it is float32.
    const output = model.predict(inputTensors(rows), { batchSize: 1024 }) as Tensor;
    return output.dataSync<"float32">();
  });
}
