import { type Dimension, isDType, ModelLoadError, type Signature, type TensorInfo } from "@mlops/core";

import { findShapelessValues } from "./find-shapeless-values.ts";
import type { OnnxInferenceSession, OnnxValueMetadata } from "./runtime.ts";

/**
 * What the model takes and gives, by its own metadata.
 *
 * @throws ModelLoadError `MODEL_LOAD_FAILED` when an input or output is no tensor, or of an
 *   element type that JavaScript has no array for.
 */
export function readSignature(
  { inputMetadata, outputMetadata }: Pick<OnnxInferenceSession, "inputMetadata" | "outputMetadata">,
  bytes: Uint8Array,
  location: string,
): Signature {
  const shapeless = findShapelessValues(bytes);
  const toTensorInfo = (metadata: OnnxValueMetadata): TensorInfo => {
    const { name } = metadata;
    if (!metadata.isTensor || !isDType(metadata.type)) {
      const kind = metadata.isTensor ? `a tensor of ${metadata.type}` : "a sequence, map or optional value";
      throw new ModelLoadError({
        location,
        problem: `${JSON.stringify(name)} is ${kind}, which is not supported`,
      });
    }
    return Object.freeze({
      name,
      dtype: metadata.type,
      // The runtime reports `[]` both for a scalar and for a value whose rank is unknown.
      shape: shapeless.has(name) ? undefined : Object.freeze(metadata.shape.map(toDimension)),
    });
  };
  return {
    inputs: Object.freeze(inputMetadata.map(toTensorInfo)),
    outputs: Object.freeze(outputMetadata.map(toTensorInfo)),
  };
}

function toDimension(size: number | string): Dimension {
  return size === "" || (typeof size === "number" && size < 0) ? null : size;
}
