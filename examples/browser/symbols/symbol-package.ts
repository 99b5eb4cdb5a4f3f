import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { type Manifest, manifestSchema } from "@mlops/core";
import { z } from "zod";

import { pictureSize } from "./rasterise.ts";

const symbolsSchema = z.array(z.object({ char: z.string(), names: z.tuple([z.string()], z.string()) }));

/**
 * Makes a model package of the symbol classifier in the npm package `detypify-service`: its
 * weights, its labels, and a manifest with their SHA-256.
 *
 * @param folder - Where to; made where it is missing.
 */
export async function writeSymbolPackage(folder: string): Promise<void> {
  const source = dirname(createRequire(import.meta.url).resolve("detypify-service/package.json"));
  const weights = await readFile(join(source, "train/model.onnx"));
  const symbols = symbolsSchema.parse(JSON.parse(await readFile(join(source, "train/infer.json"), "utf8")));
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(join(source, "package.json"), "utf8")));
  const manifest: Manifest = manifestSchema.parse({
    formatVersion: 1,
    name: "symbols",
    version,
    description: "Recognises a mathematical symbol in the strokes that it was drawn with.",
    license: "MIT",
    limitations: `Knows ${symbols.length} symbols of Typst and takes everything for one of them: it has no "none of these", and letters, digits and + are not among them.`,
    formats: { onnx: "model.onnx" },
    files: [
      {
        path: "model.onnx",
        sizeBytes: weights.byteLength,
        sha256: createHash("sha256").update(weights).digest("hex"),
      },
    ],
    signature: {
      inputs: [
        {
          name: "x",
          dtype: "float32",
          shape: [1, 1, pictureSize, pictureSize],
          description: "Brightness in [0, 1]: white lines, 8 pixels wide, on black.",
        },
      ],
      outputs: [
        {
          name: "linear",
          dtype: "float32",
          shape: [1, symbols.length],
          description: "Scores, before softmax.",
        },
      ],
    },
    labels: symbols.map(({ names: [name] }) => name),
    extra: { characters: symbols.map(({ char }) => char) },
  } satisfies Manifest);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "model.onnx"), weights);
  await writeFile(join(folder, "model.json"), JSON.stringify(manifest));
}
