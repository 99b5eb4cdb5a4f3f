import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { exportOnnx } from "@mlops/backend-tfjs";
import { type Manifest, manifestSchema, type ModelCard, type PackageFile } from "@mlops/core";
import type { LayersModel } from "@tensorflow/tfjs-layers";

import type { DevicePriceExtra } from "./extra.ts";
import { signature } from "./signature.ts";
import { toTfjs, weightsFile } from "./to-tfjs.ts";

/** What a package is written from. */
export interface PackageContent {
  readonly model: LayersModel;
  readonly version: string;
  readonly card: ModelCard;
  readonly extra: DevicePriceExtra;
}

const onnxFile = "onnx/model.onnx";
const tfjsFolder = "tfjs";

/**
 * Writes the model package: the network as ONNX and as TensorFlow.js layers, and `model.json`.
 * What the folder held of these is replaced.
 */
export async function writePackage(folder: string, content: PackageContent): Promise<Manifest> {
  const { modelJson, weights } = await toTfjs(content.model);
  const files: readonly (readonly [path: string, bytes: Uint8Array])[] = [
    [onnxFile, await exportOnnx(content.model)],
    [`${tfjsFolder}/model.json`, new TextEncoder().encode(modelJson)],
    [`${tfjsFolder}/${weightsFile}`, weights],
  ];
  const manifest = manifestSchema.parse({
    formatVersion: 1,
    name: "device-price",
    version: content.version,
    ...content.card,
    formats: { onnx: onnxFile, "tfjs-layers": `${tfjsFolder}/model.json` },
    files: files.map(([path, bytes]) => describeFile(path, bytes)),
    signature,
    extra: { ...content.extra },
  } satisfies Manifest);

  await Promise.all(
    ["onnx", tfjsFolder].map((path) => rm(join(folder, path), { recursive: true, force: true })),
  );
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  await writeFile(join(folder, "model.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
  return manifest;
}

function describeFile(path: string, bytes: Uint8Array): PackageFile {
  return { path, sizeBytes: bytes.byteLength, sha256: createHash("sha256").update(bytes).digest("hex") };
}
