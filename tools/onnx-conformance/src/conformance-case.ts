import type { TensorMap } from "@mlops/core";

import { decodeModel, type ValueInfoProto } from "./onnx-proto.ts";
import { dtypeByCode, readTensor } from "./read-tensor.ts";

/** The files of one case, as the format's test data have them. */
export interface CaseFiles {
  readonly name: string;
  readonly model: Uint8Array;
  /** The serialized inputs, in the order of the model's. */
  readonly inputs: readonly Uint8Array[];
  /** The serialized outputs that are expected, in the order of the model's. */
  readonly outputs: readonly Uint8Array[];
}

/** A model, tensors to run it with, and what it has to give. */
export interface ConformanceCase {
  readonly name: string;
  readonly model: Uint8Array;
  readonly inputs: TensorMap;
  readonly outputs: TensorMap;
}

/** A case that no JavaScript interface of a runtime can express, and why. */
export interface InexpressibleCase {
  readonly name: string;
  readonly model: Uint8Array;
  readonly inexpressible: string;
}

/** The operators of a model, each once, those of other domains as `domain:operator`. */
export function operatorsOf(model: Uint8Array): readonly string[] {
  const nodes = decodeModel(model).graph?.node ?? [];
  const names = nodes.map(({ domain = "", opType = "" }) =>
    domain === "" || domain === "ai.onnx" ? opType : `${domain}:${opType}`,
  );
  return [...new Set(names)];
}

/** Reads the files of a case. */
export function readCase({ name, model, ...files }: CaseFiles): ConformanceCase | InexpressibleCase {
  const { input = [], output = [] } = decodeModel(model).graph ?? {};
  const inexpressible = [...input, ...output].map(whyInexpressible).find((reason) => reason !== undefined);
  if (inexpressible !== undefined) return { name, model, inexpressible };
  const inputs = readAll(input, files.inputs);
  return { name, model, inputs, outputs: readAll(output, files.outputs) };
}

/** Element types that JavaScript has no array for, as far as cases use them. */
const namesByCode: ReadonlyMap<number, string> = new Map([
  [14, "complex64"],
  [15, "complex128"],
  [16, "bfloat16"],
  [17, "float8e4m3fn"],
  [18, "float8e4m3fnuz"],
  [19, "float8e5m2"],
  [20, "float8e5m2fnuz"],
  [21, "uint4"],
  [22, "int4"],
  [23, "float4e2m1"],
  [24, "float8e8m0"],
  [25, "uint2"],
  [26, "int2"],
]);

function whyInexpressible({ type }: ValueInfoProto): string | undefined {
  const code = type?.tensorType?.elemType;
  if (code === undefined) return "a sequence or optional value";
  return dtypeByCode.has(code) ? undefined : `a tensor of ${namesByCode.get(code) ?? `type ${code}`}`;
}

function readAll(infos: readonly ValueInfoProto[], files: readonly Uint8Array[]): TensorMap {
  return Object.fromEntries(files.map((file, index) => [infos[index]?.name ?? "", readTensor(file)]));
}
