import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

import { build } from "vite";

import { writeSymbolPackage } from "../symbols/symbol-package.ts";

const devicePrice = fileURLToPath(import.meta.resolve("@mlops/example-device-price/model/model.json"));

/**
 * Builds the page with Vite, compresses it, and puts the models beside it.
 *
 * @param folder - Where to; it is emptied.
 */
export async function buildPage(folder: string): Promise<void> {
  await build({
    configFile: join(import.meta.dirname, "../vite.config.ts"),
    logLevel: "warn",
    build: { outDir: folder, emptyOutDir: true },
  });
  await compress(join(folder, "assets"));
  await writeSymbolPackage(join(folder, "models/symbols"));
  const prices = join(folder, "models/device-price");
  await mkdir(prices, { recursive: true });
  for (const file of ["model.json", "onnx/model.onnx"]) {
    await cp(join(devicePrice, "..", file), join(prices, file), { recursive: true });
  }
}

/** Writes `x.gz` beside each file `x`: ONNX Runtime's WebAssembly becomes a quarter of its size. */
async function compress(folder: string): Promise<void> {
  await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const path = join(folder, name);
      await writeFile(`${path}.gz`, await promisify(gzip)(await readFile(path)));
    }),
  );
}
