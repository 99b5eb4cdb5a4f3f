import { UnsupportedError } from "@mlops/core";

import type { TfjsDevice } from "../device.ts";
import type { TfjsLayer, TfjsLayersModel } from "../runtime.ts";

/** Whether an engine gives wrong numbers for a layer, and no error. */
const isWrong: Partial<Record<TfjsDevice, (layer: TfjsLayer) => boolean>> = {
  // Its kernel (4.22) is given the padding of the convolution and not that of its transpose.
  wasm: (layer) => layer.getClassName() === "Conv3DTranspose",
  // Recurrent layers after a mask are off by more than their size (4.22, on SwiftShader).
  webgpu: (layer) =>
    layer.getClassName() === "Masking" || (layer.getClassName() === "Embedding" && layer.maskZero === true),
};

/**
 * Refuses a model that an engine would compute wrongly.
 *
 * @throws UnsupportedError `UNSUPPORTED` naming the layer.
 */
export function refuseWrongLayers(device: TfjsDevice, model: TfjsLayersModel): void {
  const check = isWrong[device];
  const wrong = check && findLayer(model, check);
  if (wrong === undefined) return;
  const others = device === "wasm" ? "cpu" : "wasm";
  throw new UnsupportedError({
    feature: `The layer ${JSON.stringify(wrong.name)}, a ${wrong.getClassName()}, which TensorFlow.js computes wrongly on ${device},`,
    remedy: `Add another device: ["${device}", "${others}"].`,
  });
}

/** The first of the layers for which `check` holds, and of those within them. */
function findLayer(
  { layers = [], layer }: Pick<TfjsLayer, "layers" | "layer">,
  check: (layer: TfjsLayer) => boolean,
): TfjsLayer | undefined {
  for (const inner of layer === undefined ? layers : [...layers, layer]) {
    const found = check(inner) ? inner : findLayer(inner, check);
    if (found !== undefined) return found;
  }
  return undefined;
}
