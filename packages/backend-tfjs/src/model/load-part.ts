import type { Engine } from "../engine/engine.ts";
import type { TfjsPackages } from "../load-package.ts";
import type { TfjsCore } from "../runtime.ts";

/** A part of TensorFlow.js: the engine's own copy where that is a whole one, else its package. */
export async function loadPart<Part extends object>(
  { core }: Engine,
  packages: TfjsPackages,
  name: "@tensorflow/tfjs-converter" | "@tensorflow/tfjs-layers",
): Promise<Part> {
  const member = name === "@tensorflow/tfjs-converter" ? "loadGraphModelSync" : "loadLayersModel";
  // What has the member is the part, by the name that it is known by.
  if (!packages.has(name) && member in core) return core as TfjsCore & Part;
  return packages.load<Part>(name);
}
