import type { PredictorInfo, TensorInfo } from "@mlops/core";

import { type Datatype, datatypeByDType } from "./datatype.ts";

/** What the protocol tells of a model. */
export interface ModelMetadata {
  readonly name: string;
  readonly versions: readonly string[];
  readonly platform: string;
  readonly inputs: readonly TensorMetadata[];
  readonly outputs: readonly TensorMetadata[];
}

/** What the protocol tells of an input or output; -1 stands for a size that varies. */
interface TensorMetadata {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
}

/** A model's metadata, as the protocol has it; without tensors where they are not known. */
export function toModelMetadata(
  { model, backend, signature }: PredictorInfo,
  versions: readonly string[],
): ModelMetadata {
  return {
    name: model,
    versions,
    platform: platformByBackend.get(backend) ?? backend,
    inputs: signature?.inputs.map(toTensorMetadata) ?? [],
    outputs: signature?.outputs.map(toTensorMetadata) ?? [],
  };
}

/** The protocol writes a platform as `<project>_<format>`. */
const platformByBackend: ReadonlyMap<string, string> = new Map([["onnx", "onnx_onnxv1"]]);

function toTensorMetadata({ name, dtype, shape }: TensorInfo): TensorMetadata {
  // The protocol has no word for an unknown rank. One dimension that varies comes nearest.
  const sizes = shape?.map((size) => (typeof size === "number" ? size : -1)) ?? [-1];
  return { name, datatype: datatypeByDType[dtype], shape: sizes };
}
