import { onnx } from "@mlops/backend-onnx";
import { tfjs, type TfjsDevice } from "@mlops/backend-tfjs";
import type { ModelPackage } from "@mlops/core";

import { createRandom } from "../random.ts";
import { extraSchema } from "./extra.ts";
import { randomDevices } from "./random-devices.ts";
import { runFormat } from "./run-format.ts";

/** How far the two formats of a package may differ, in the logarithm of the price. */
export const formatTolerance = 1e-5;

/** Options of {@link compareFormats}. */
export interface CompareFormatsOptions {
  /** Of how many random devices. */
  readonly count: number;
  readonly seed: number;
  /** The engine of TensorFlow.js. Default `wasm`. */
  readonly device?: TfjsDevice | undefined;
}

/**
 * Runs the ONNX and the TensorFlow.js format of a package on the same random devices, in ONNX
 * Runtime and on an engine of TensorFlow.js. All files are checked on the way.
 *
 * @returns The largest absolute difference of the logarithms of the prices; NaN when one is NaN.
 */
export async function compareFormats(
  modelPackage: ModelPackage,
  { count, seed, device = "wasm" }: CompareFormatsOptions,
): Promise<number> {
  const devices = randomDevices(count, extraSchema.parse(modelPackage.manifest.extra), createRandom(seed));
  const fromOnnx = await runFormat(modelPackage.model("onnx").artifact, onnx(), devices);
  const fromTfjs = await runFormat(modelPackage.model("tfjs-layers").artifact, tfjs({ device }), devices);
  return fromOnnx.reduce((largest, price, i) => Math.max(largest, Math.abs(price - fromTfjs[i]!)), 0);
}
