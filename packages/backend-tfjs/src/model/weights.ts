import { type Artifact, type LoadOptions, ModelLoadError, openArtifact } from "@mlops/core";

import type { TfjsWeightSpec } from "../runtime.ts";
import type { WeightGroup } from "./model-json.ts";
import { readFile } from "./read-file.ts";

/** All weights of a model, one after the other. */
export interface Weights {
  readonly weightSpecs: readonly TfjsWeightSpec[];
  readonly weightData: ArrayBuffer;
}

/**
 * Reads the files of the weights, which lie beside the `model.json` or within it as `data:` URLs,
 * and checks that they hold what the manifest says: not a byte more is read than that.
 *
 * @throws ModelLoadError `MODEL_LOAD_FAILED` when their length is another.
 */
export async function readWeights(
  groups: readonly WeightGroup[],
  artifact: Artifact,
  options: LoadOptions,
): Promise<Weights> {
  const { location } = artifact;
  const parts: Uint8Array[] = [];
  for (const { paths, weights } of groups) {
    const files: Uint8Array[] = [];
    const limit = maxBytes(weights);
    let sizeBytes = 0;
    for (const path of paths) {
      const file = path.startsWith("data:") ? openArtifact(path) : artifact.sibling(path);
      const bytes = await readFile(file, options);
      files.push(bytes);
      sizeBytes += bytes.byteLength;
      if (sizeBytes > limit) throw wrongLength(location, paths, `more than ${limit}`, limit);
    }
    const group = concatenate(files, sizeBytes);
    const expected = measure(weights, group);
    if (expected !== sizeBytes) throw wrongLength(location, paths, sizeBytes, expected);
    parts.push(group);
  }
  const total = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return {
    weightSpecs: groups.flatMap(({ weights }) => weights),
    weightData: concatenate(parts, total).buffer,
  };
}

/** How many bytes the weights take in the memory of an engine, which keeps none of them compressed. */
export function memoryOf(specs: readonly TfjsWeightSpec[]): number {
  return specs.reduce(
    (sum, { shape, dtype }) => sum + elementCount(shape) * (bytesPerElement[dtype] ?? 4),
    0,
  );
}

/** How many numbers the weights have. */
export function elementCountOf(specs: readonly TfjsWeightSpec[]): number {
  return specs.reduce((sum, { shape }) => sum + elementCount(shape), 0);
}

const bytesPerElement: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  bool: 1,
  complex64: 8,
  uint8: 1,
  uint16: 2,
  float16: 2,
};

function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The most bytes that weights can take; text has no limit but that of memory. */
function maxBytes(weights: readonly TfjsWeightSpec[]): number {
  const hasText = weights.some(({ dtype }) => dtype === "string");
  return hasText ? Infinity : measure(weights, new Uint8Array());
}

/** How many bytes the weights take. A text is its length in 4 bytes and itself. */
function measure(weights: readonly TfjsWeightSpec[], bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 0;
  for (const { dtype, shape, quantization } of weights) {
    const count = elementCount(shape);
    if (dtype !== "string") {
      offset += count * bytesPerElement[quantization?.dtype ?? dtype]!;
      continue;
    }
    for (let index = 0; index < count; index += 1) {
      if (offset + 4 > bytes.byteLength) return Infinity;
      offset += 4 + view.getUint32(offset, true);
    }
  }
  return offset;
}

function wrongLength(
  location: string,
  paths: readonly string[],
  actual: number | string,
  expected: number,
): ModelLoadError {
  const names = paths.map((path) => (path.startsWith("data:") ? "data:…" : path)).join(", ");
  const wanted = Number.isFinite(expected) ? `${expected} bytes` : "more than they have";
  return new ModelLoadError({
    location,
    problem: `its weights in ${names || "no file"} have ${actual} bytes, where the manifest says ${wanted}`,
  });
}

function concatenate(parts: readonly Uint8Array[], sizeBytes: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(sizeBytes);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.byteLength;
  }
  return whole;
}
