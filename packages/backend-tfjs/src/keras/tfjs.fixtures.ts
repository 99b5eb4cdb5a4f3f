import "@tensorflow/tfjs-backend-cpu";
import * as core from "@tensorflow/tfjs-core";
import * as layers from "@tensorflow/tfjs-layers";

import type { FixtureTensor } from "./keras-models.fixtures.ts";

/** TensorFlow.js in one object, as `@tensorflow/tfjs` is. */
export const tf: Omit<typeof core, "default"> & Omit<typeof layers, "default"> = { ...core, ...layers };

/** What a model predicts of these inputs, in the order of its outputs. */
export function predict(model: layers.LayersModel, inputs: readonly FixtureTensor[]): FixtureTensor[] {
  return core.tidy(() => {
    const tensors = inputs.map(({ shape, data }, index) =>
      core.tensor([...data], [...shape], model.inputs[index]?.dtype === "int32" ? "int32" : "float32"),
    );
    const result = model.predictOnBatch(tensors.length === 1 && tensors[0] ? tensors[0] : tensors);
    const outputs = Array.isArray(result) ? result : [result];
    return outputs.map((output) => ({ shape: output.shape, data: [...output.dataSync()] }));
  });
}
