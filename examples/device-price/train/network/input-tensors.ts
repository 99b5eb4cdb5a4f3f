import { type Tensor, tensor2d } from "@tensorflow/tfjs-core";

import type { EncodedRows } from "../data/encode-rows.ts";
import { numericFeatures } from "../data/numeric-features.ts";

/** The model's inputs in its order: `numeric`, `brand`, `os`. Dispose them after use. */
export function inputTensors({ count, numeric, brand, os }: EncodedRows): Tensor[] {
  return [
    tensor2d(numeric, [count, numericFeatures.length]),
    tensor2d(brand, [count, 1], "int32"),
    tensor2d(os, [count, 1], "int32"),
  ];
}
