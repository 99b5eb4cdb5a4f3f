import { join } from "node:path";
import { build } from "tsup";
import { repositoryRoot } from "../lib/repository.ts";
import { runOrThrow } from "../lib/run.ts";
import { installedBinding } from "../tfjs-node/install.ts";
import type { NodeVersion } from "./node-versions.ts";

/**
 * Runs the conformance suite of backends on TensorFlow.js in a project that has the packed
 * packages, under a Node that Vitest does not run on.
 */
export async function checkTfjsConformance(cwd: string, { path }: NodeVersion): Promise<void> {
  await build({
    config: false,
    entry: { conformance: join(repositoryRoot, "packages/backend-tfjs/src/conformance-program.fixtures.ts") },
    outDir: cwd,
    format: "esm",
    outExtension: () => ({ js: ".mjs" }),
    external: [/^@mlops\//],
    silent: true,
    clean: false,
  });
  const entry = join(
    repositoryRoot,
    "packages/backend-tfjs/node_modules/@tensorflow/tfjs-node/dist/index.js",
  );
  const programArguments = ["conformance.mjs", ...(installedBinding() === undefined ? [] : [entry])];
  await runOrThrow(path, programArguments, {
    cwd,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"] },
  });
}
