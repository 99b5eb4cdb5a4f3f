import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addModel } from "@mlops/onnx-builder";
import { readPackageJson, repositoryRoot } from "../lib/repository.ts";
import { run, runOrThrow } from "../lib/run.ts";
import type { NodeVersion } from "./node-versions.ts";
import type { PackedPackage } from "./pack.ts";
import { checkTfjsConformance } from "./tfjs-conformance.ts";

/** Where the consumer comes from, and how it is tried. */
export interface ConsumerOptions {
  /** Where the consumer's own folder is made. It must not be inside the repository, whose packages would be found. */
  readonly folder: string;
  readonly tarballs: readonly PackedPackage[];
  readonly nodes: readonly NodeVersion[];
  readonly step: (name: string, work: () => Promise<unknown>) => Promise<unknown>;
}

/**
 * Uses the packed packages as a stranger would: npm installs the tarballs in an
 * empty project, its TypeScript (`scripts/consumer`) is checked and compiled
 * against the published declarations, and run under plain Node.
 */
export async function checkConsumer({ folder, tarballs, nodes, step }: ConsumerOptions): Promise<void> {
  const cwd = join(folder, "consumer");
  cpSync(join(repositoryRoot, "scripts/consumer"), cwd, { recursive: true });
  writeFileSync(
    join(cwd, "package.json"),
    JSON.stringify({ name: "consumer", private: true, type: "module" }),
  );
  writeFileSync(join(cwd, "add.onnx"), addModel());

  await step("npm install", () => install(cwd, tarballs));
  for (const moduleResolution of ["bundler", "nodenext"] as const) {
    await step(`types, ${moduleResolution}`, () => compile(cwd, moduleResolution));
  }
  // The oldest is the one that the tests do not run on.
  const [oldest] = nodes;
  if (oldest) await step(`tfjs suite, ${oldest.version}`, () => checkTfjsConformance(cwd, oldest));
  for (const node of nodes) {
    await step(`run, ${node.version}`, () => runConsumer(cwd, node));
    for (const entry of tarballs.flatMap(({ entries }) => entries)) {
      await step(`import ${entry}, ${node.version}`, () => checkIdleImport(cwd, node, entry));
    }
  }
}

/** `npm install @mlops/core …`, with the tarballs in the place of the registry's packages. */
async function install(cwd: string, tarballs: readonly PackedPackage[]): Promise<void> {
  const { devDependencies = {} } = readPackageJson(repositoryRoot);
  const tensorFlow = ["core", "converter", "layers", "backend-cpu", "backend-wasm"].map(
    (part) => `@tensorflow/tfjs-${part}`,
  );
  const others = ["onnxruntime-node", "fastify", "zod", "@types/node", ...tensorFlow].map(
    (name) => `${name}@${devDependencies[name]}`,
  );
  const packages = [...tarballs.map(({ tarball }) => tarball), ...others];
  // onnxruntime-node's script only fetches CUDA libraries.
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" };
  await runOrThrow("npm", ["install", "--no-audit", "--no-fund", ...packages], { cwd, env });
}

/** Strict, and with the packages' own declarations checked too. */
async function compile(cwd: string, moduleResolution: "bundler" | "nodenext"): Promise<void> {
  const compilerOptions = {
    target: "es2022",
    lib: ["es2022"],
    types: ["node"],
    module: moduleResolution === "bundler" ? "esnext" : "nodenext",
    moduleResolution,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    rootDir: ".",
    outDir: "build",
  };
  const file = join(cwd, `tsconfig.${moduleResolution}.json`);
  writeFileSync(file, JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  await runOrThrow(join(repositoryRoot, "node_modules/.bin/tsc"), ["-p", file], { cwd });
}

/** The compiled consumer prints what `expected.txt` says, and nothing on standard error. */
async function runConsumer(cwd: string, { path }: NodeVersion): Promise<void> {
  const result = await run(path, ["build/main.js"], { cwd, env: plainEnvironment(), timeoutMs: 60_000 });
  const expected = readFileSync(join(cwd, "expected.txt"), "utf8");
  if (result.code === 0 && result.stderr === "" && result.stdout === expected) return;
  throw new Error(
    `The consumer ended with ${result.code ?? "a signal"}.\nExpected:\n${expected}\nPrinted:\n${result.stdout}\nStandard error:\n${result.stderr}`,
  );
}

/** Importing an entry does no work: nothing printed, opened, added to the globals, or loaded from another runtime. */
async function checkIdleImport(cwd: string, { path }: NodeVersion, entry: string): Promise<void> {
  const report = join(cwd, "import-report.json");
  const env = { ...plainEnvironment(), IMPORT_ENTRY: entry, IMPORT_REPORT: report };
  const result = await run(path, ["import-probe.mjs"], { cwd, env, timeoutMs: 10_000 });
  const problems = result.output === "" ? [] : [`printed:\n${result.output}`];
  if (result.code !== 0) problems.push(`ended with ${result.code ?? "no exit within 10 s"}`);
  else problems.push(...(JSON.parse(readFileSync(report, "utf8")) as string[]));
  if (problems.length > 0) throw new Error(`import("${entry}") ${problems.join(";\n")}`);
}

/** What a shell has: none of pnpm's settings, and no options for Node. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME };
}
