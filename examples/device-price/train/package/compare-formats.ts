import type { ModelPackage } from "@mlops/core";

import { predictLnPrices } from "../network/predict.ts";
import { createRandom } from "../random.ts";
import { extraSchema } from "./extra.ts";
import { loadTfjs } from "./load-tfjs.ts";
import { randomDevices } from "./random-devices.ts";
import { runOnnx } from "./run-onnx.ts";

/** How far the two formats of a package may differ, in the logarithm of the price. */
export const formatTolerance = 1e-5;

/**
 * Runs the ONNX and the TensorFlow.js format of a package on the same random devices, in ONNX
 * Runtime and on the current TensorFlow.js backend. All files are checked on the way.
 *
 * @returns The largest absolute difference of the logarithms of the prices; NaN when one is NaN.
 */
export async function compareFormats(
  modelPackage: ModelPackage,
  { count, seed }: { readonly count: number; readonly seed: number },
): Promise<number> {
  const devices = randomDevices(count, extraSchema.parse(modelPackage.manifest.extra), createRandom(seed));
  const fromOnnx = await runOnnx(modelPackage.model("onnx").artifact, devices);
  const network = await loadTfjs(modelPackage);
  const fromTfjs = predictLnPrices(network, devices);
  network.dispose();
  return fromOnnx.reduce((largest, price, i) => Math.max(largest, Math.abs(price - fromTfjs[i]!)), 0);
}
