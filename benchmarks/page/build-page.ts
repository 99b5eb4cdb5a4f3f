import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { mlpModel } from "@mlops/onnx-builder";
import { build } from "esbuild";

import { hiddenSizes, inputSize } from "./network.ts";

/** Builds the page, with its model, its worker and the runtime's files, into a folder. */
export async function buildPage(folder: string): Promise<void> {
  const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const { resolve } = createRequire(import.meta.url);
  await build({
    entryPoints: {
      page: here("page.ts"),
      "web-worker": here("../../packages/backend-onnx/src/web/web-worker.ts"),
    },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    minify: true,
    logLevel: "error",
    conditions: ["@mlops/source", "browser"],
  });
  await copyFile(here("index.html"), join(folder, "index.html"));
  await mkdir(join(folder, "runtime"));
  for (const name of ["ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"]) {
    await copyFile(resolve(`onnxruntime-web/${name}`), join(folder, "runtime", name));
  }
  await writeFile(join(folder, "model.onnx"), mlpModel({ inputSize, hiddenSizes, outputSize: 16, seed: 1 }));
}
