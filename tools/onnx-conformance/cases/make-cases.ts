import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import { generatedVersions } from "../src/suites.ts";

/**
 * `pnpm onnx:cases`: makes the newer node cases of the format by the `onnx` package of PyPI, in
 * `.cache`. It does nothing where they are already there.
 */
function main(): void {
  const cache = join(import.meta.dirname, "../.cache/onnx-cases");
  const unfinished = join(cache, "unfinished");
  for (const version of generatedVersions) {
    const folder = join(cache, `onnx-${version}`);
    if (existsSync(folder)) continue;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(cache, { recursive: true });
    const python = makeEnvironment(join(cache, "python"), version);
    run(python, [join(import.meta.dirname, "generate_cases.py"), unfinished]);
    // Whole or not at all.
    renameSync(unfinished, folder);
  }
}

/** An environment of Python with this version of `onnx`, and the path of its interpreter. */
function makeEnvironment(folder: string, version: string): string {
  const python = join(folder, "bin/python");
  const libraries = readFileSync(join(import.meta.dirname, "requirements.txt"), "utf8")
    .trim()
    .split("\n");
  if (!existsSync(python)) run("python3", ["-m", "venv", folder]);
  const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
  run(python, [...install, `onnx==${version}`, ...libraries]);
  return python;
}

function run(program: string, programArguments: readonly string[]): void {
  execFileSync(program, programArguments, { stdio: "inherit" });
}

main();
