import { InvalidInputError, type Tensor, type TensorMap, UnsupportedError } from "@mlops/core";

import type { ServedPredictor } from "../predictor-index.ts";
import { decodeTensor } from "./decode-tensor.ts";
import { encodeTensor } from "./encode-tensor.ts";
import { type InferRequest, parseInferRequest } from "./infer-request.ts";

/** Answers an inference request: the response's JSON text. */
export async function infer(
  predictor: ServedPredictor,
  body: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<string> {
  const request = parseInferRequest(body);
  const { model, version } = predictor.info;
  if (predictor.predictTensors === undefined) {
    throw new UnsupportedError({
      feature: "Inference in tensors",
      remedy: `Ask ${model} through its own route.`,
    });
  }
  const outputs = await predictor.predictTensors(toTensors(request), {
    signal,
    deadline: toDeadline(request),
    outputs: request.outputs?.map(({ name }) => name),
  });
  const names = request.outputs?.map(({ name }) => name) ?? Object.keys(outputs);
  const encoded = names.map((name) => encodeTensor(name, outputs[name]!));
  const id = request.id === undefined ? "" : `"id":${JSON.stringify(request.id)},`;
  return `{"model_name":${JSON.stringify(model)},"model_version":${JSON.stringify(version)},${id}"outputs":[${encoded.join(",")}]}`;
}

function toTensors({ inputs }: InferRequest): TensorMap {
  const tensors = new Map<string, Tensor>();
  inputs.forEach((input, index) => {
    const path = ["inputs", index] as const;
    if (tensors.has(input.name)) {
      throw new InvalidInputError({
        issues: [{ path: [...path, "name"], message: `${JSON.stringify(input.name)} is given twice` }],
      });
    }
    tensors.set(input.name, decodeTensor(input, path));
  });
  return Object.fromEntries(tensors);
}

/** `parameters.timeout`, an extension of Triton's, is in microseconds. */
function toDeadline({ parameters }: InferRequest): number | undefined {
  const timeout = parameters?.["timeout"];
  if (timeout === undefined) return undefined;
  if (typeof timeout === "number" && Number.isSafeInteger(timeout) && timeout > 0)
    return Date.now() + timeout / 1_000;
  const message = "has to be a whole number of microseconds above 0";
  throw new InvalidInputError({ issues: [{ path: ["parameters", "timeout"], message }] });
}
