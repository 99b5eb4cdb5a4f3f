import { ModelLoadError } from "@mlops/core";

import type { TfjsModelArtifacts, TfjsWeightSpec } from "../runtime.ts";
import { messageOf } from "../to-core-error.ts";

/** What a `model.json` says, checked as far as this package reads it. */
export interface ModelJson extends Omit<TfjsModelArtifacts, "weightSpecs" | "weightData"> {
  readonly kind: "graph" | "layers";
  readonly weightsManifest: readonly WeightGroup[];
}

/** Weights that lie one after the other in the same files. */
export interface WeightGroup {
  readonly paths: readonly string[];
  readonly weights: readonly TfjsWeightSpec[];
}

/**
 * Reads a `model.json`, of a graph or layers model.
 *
 * @throws ModelLoadError `MODEL_LOAD_FAILED` when it is none, naming the member that is wrong.
 */
export function parseModelJson(bytes: Uint8Array, location: string): ModelJson {
  const refuse = (problem: string): never => {
    throw new ModelLoadError({ location, problem });
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    const problem = `it is no model.json of TensorFlow.js (${messageOf(cause)})`;
    throw new ModelLoadError({ location, problem, cause });
  }
  if (!isRecord(parsed)) return refuse("it is no model.json of TensorFlow.js, but another JSON value");
  const { modelTopology: topology, weightsManifest = [], format } = parsed;
  if (!isRecord(topology)) return refuse("its modelTopology is no object");
  const kind = Array.isArray(topology["node"]) ? "graph" : "layers";
  if (!Array.isArray(weightsManifest)) return refuse("its weightsManifest is no list");
  const optional = (name: string): object | undefined => {
    const value = parsed[name];
    if (value === undefined || value === null) return undefined;
    return isRecord(value) ? value : refuse(`its ${name} is no object`);
  };
  return {
    kind,
    format: typeof format === "string" ? format : undefined,
    modelTopology: topology,
    weightsManifest: weightsManifest.map((group: unknown, index) =>
      checkGroup(group, `weightsManifest[${index}]`, refuse),
    ),
    signature: optional("signature"),
    userDefinedMetadata: optional("userDefinedMetadata"),
    modelInitializer: optional("modelInitializer"),
    initializerSignature: optional("initializerSignature"),
  };
}

function checkGroup(group: unknown, path: string, refuse: (problem: string) => never): WeightGroup {
  const { paths, weights } = isRecord(group) ? group : {};
  if (!Array.isArray(paths) || !paths.every((item) => typeof item === "string")) {
    return refuse(`its ${path}.paths is no list of texts`);
  }
  if (!Array.isArray(weights)) return refuse(`its ${path}.weights is no list`);
  return {
    paths,
    weights: weights.map((weight: unknown, index) =>
      checkWeight(weight, `${path}.weights[${index}]`, refuse),
    ),
  };
}

const quantizedTypes: readonly unknown[] = ["uint8", "uint16", "float16"];
const weightTypes: readonly unknown[] = ["float32", "int32", "bool", "string", "complex64"];

function checkWeight(weight: unknown, path: string, refuse: (problem: string) => never): TfjsWeightSpec {
  if (!isRecord(weight)) return refuse(`its ${path} is no object`);
  const { name, shape, dtype, quantization } = weight;
  if (typeof name !== "string") return refuse(`its ${path}.name is no text`);
  const isShape =
    Array.isArray(shape) && shape.every((size: unknown) => Number.isSafeInteger(size) && Number(size) >= 0);
  if (!isShape) return refuse(`its ${path}.shape is no list of sizes`);
  if (!weightTypes.includes(dtype)) {
    return refuse(`its ${path}.dtype is ${JSON.stringify(dtype)}, which TensorFlow.js has not`);
  }
  // Both have just been checked, which the compiler does not follow.
  const spec = { name, shape: shape as number[], dtype: dtype as string };
  if (quantization === undefined) return spec;
  if (!isRecord(quantization) || !quantizedTypes.includes(quantization["dtype"])) {
    return refuse(`its ${path}.quantization.dtype is none of ${quantizedTypes.join(", ")}`);
  }
  return { ...spec, quantization: quantization as TfjsWeightSpec["quantization"] };
}

/** Whether a JSON value is an object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
