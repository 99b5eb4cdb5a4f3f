import {
  type ArtifactSource,
  createPredictor,
  defineModel,
  MlopsError,
  type Predictor,
  tensor,
  type TensorMap,
  type TensorPredictOptions,
} from "@mlops/core";

import { onnx } from "./backend.ts";
import type { OnnxConfig } from "./config.ts";

/** A predictor of tensors, which core's interface leaves optional. */
export type TensorPredictor = Predictor & Required<Pick<Predictor, "predictTensors">>;

/** What a test may say of a model beside its bytes. */
export interface LoadChoices extends OnnxConfig {
  readonly sha256?: string;
  readonly rejectNonFinite?: boolean;
  readonly execution?: "inline" | "worker";
}

/** Loads a model with the real runtime, unless `config` brings another. */
export async function load(artifact: ArtifactSource, choices: LoadChoices = {}): Promise<TensorPredictor> {
  const { sha256, rejectNonFinite, execution, ...config } = choices;
  const model = defineModel({ name: "test", version: "1", artifact, sha256, rejectNonFinite });
  // The predictor of a single model has predictTensors.
  return (await createPredictor({ model, backend: onnx(config), execution })) as TensorPredictor;
}

/** Loads a model, runs it once and closes it. */
export async function runOnce(
  artifact: ArtifactSource,
  tensors: TensorMap,
  options?: TensorPredictOptions,
): Promise<TensorMap> {
  await using predictor = await load(artifact);
  return await predictor.predictTensors(tensors, options);
}

/** A float32 tensor `x` of `[rows, 3]`. */
export const threeColumns = (...values: number[]): TensorMap => ({
  x: tensor("float32", values, [values.length / 3, 3]),
});

/** The error that a promise rejects with, which has to be one of core's. */
export async function errorOf(promise: Promise<unknown>): Promise<MlopsError> {
  const error: unknown = await promise.then(
    () => new Error("There was no error."),
    (reason: unknown) => reason,
  );
  if (MlopsError.isInstance(error)) return error;
  throw error;
}
