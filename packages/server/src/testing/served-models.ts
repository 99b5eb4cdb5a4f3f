import { onnx } from "@mlops/backend-onnx";
import { createPredictor, defineModel, type Predictor } from "@mlops/core";
import { type DType, identityModel, mlpModel } from "@mlops/onnx-builder";

/** A predictor of an ONNX model that gives `y`, equal to its input `x` of the shape [batch, 3]. */
export function identityPredictor(dtype: DType, version = "1"): Promise<Predictor> {
  const artifact = identityModel(dtype);
  return createPredictor({
    model: defineModel({ name: `identity-${dtype}`, version, artifact }),
    backend: onnx(),
  });
}

/** A predictor of a small network, [batch, 4] to [batch, 2]. */
export function mlpPredictor(version: string, seed: number): Promise<Predictor> {
  const artifact = mlpModel({ inputSize: 4, hiddenSizes: [8], outputSize: 2, seed });
  return createPredictor({ model: defineModel({ name: "mlp", version, artifact }), backend: onnx() });
}
