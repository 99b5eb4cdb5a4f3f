import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

import { build } from "vite";

import { writeSymbolPackage } from "../symbols/symbol-package.ts";

const devicePrice = fileURLToPath(import.meta.resolve("@mlops/example-device-price/model/model.json"));

/** Where {@link buildPage} puts the page, its runtimes and its models. */
export const builtPage: string = join(import.meta.dirname, "../dist");

/** Builds the page with Vite, compresses it, and puts the models beside it. */
export async function buildPage(): Promise<void> {
  await build({ configFile: join(import.meta.dirname, "../vite.config.ts"), logLevel: "warn" });
  await compress(join(builtPage, "assets"));
  await writeSymbolPackage(join(builtPage, "models/symbols"));
  const folder = join(builtPage, "models/device-price");
  await mkdir(folder, { recursive: true });
  for (const file of ["model.json", "onnx/model.onnx"]) {
    await cp(join(devicePrice, "..", file), join(folder, file), { recursive: true });
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
