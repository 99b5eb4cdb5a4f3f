import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { run } from "../lib/run.ts";
import type { CodeBlock } from "./code-blocks.ts";
import type { Plan, Step } from "./plan.ts";

/**
 * Where the programs of a document are written. It lies inside the repository,
 * so that `import "@mlops/core"` finds the workspace's package.
 */
export function programFolder(cache: string, plan: Plan): string {
  return join(cache, plan.document.path.replace(/\.md$/, "").replaceAll("/", "--"));
}

/** The file name of a step's program. */
export function programName(step: Step): string {
  return `line-${step.blocks[0]?.line ?? 0}.ts`;
}

/** Writes the programs and files of all documents, and a tsconfig.json to check them together. */
export function writePrograms(root: string, cache: string, plans: readonly Plan[]): void {
  rmSync(cache, { recursive: true, force: true });
  for (const plan of plans) {
    const folder = programFolder(cache, plan);
    mkdirSync(folder, { recursive: true });
    for (const path of plan.copies) {
      if (existsSync(join(root, path))) copyFileSync(join(root, path), join(folder, basename(path)));
    }
    for (const [name, block] of plan.files) {
      writeFileSync(join(folder, name), block.language === "ts" ? atTheirLines([block]) : `${block.text}\n`);
    }
    for (const step of plan.steps) {
      if (step.kind !== "commands") writeFileSync(join(folder, programName(step)), atTheirLines(step.blocks));
    }
  }
  const compilerOptions = {
    noUnusedLocals: false,
    noUnusedParameters: false,
    declaration: false,
    isolatedDeclarations: false,
  };
  const tsconfig = {
    extends: join(root, "tsconfig.json"),
    compilerOptions,
    include: ["**/*.ts"],
    exclude: [],
  };
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, "tsconfig.json"), JSON.stringify(tsconfig, undefined, 2));
}

/** The files that a document says are needed `with` its programs, and that are not there. */
export function missingCopies(root: string, plan: Plan): string[] {
  return [...plan.copies]
    .filter((path) => !existsSync(join(root, path)))
    .map((path) => `${plan.document.path} needs ${path}, which does not exist.`);
}

/** The blocks as one program in which every line has the number that it has in the document. */
function atTheirLines(blocks: readonly CodeBlock[]): string {
  const lines: string[] = [];
  for (const block of blocks) {
    block.text.split("\n").forEach((text, index) => (lines[block.line - 1 + index] = text));
  }
  return `${Array.from(lines, (line) => line ?? "").join("\n")}\n`;
}

/** Type-checks what {@link writePrograms} wrote. Returns the errors by document path, `file:line: message`. */
export async function typeErrors(
  root: string,
  cache: string,
  plans: readonly Plan[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const isProgram = ({ language }: CodeBlock) => language === "ts";
  if (!plans.some(({ document }) => document.blocks.some(isProgram))) return new Map();
  const tsc = join(root, "node_modules/.bin/tsc");
  const { stdout } = await run(tsc, ["--pretty", "false", "-p", join(cache, "tsconfig.json")], {
    cwd: cache,
  });
  // An error's further lines are indented; the sources' own errors are `pnpm typecheck`'s to report.
  const errors = stdout.split(/\n(?=\S)/);
  const global = errors.filter((error) => error.startsWith("error "));
  return new Map(
    plans.map((plan) => {
      const prefix = `${programFolder(cache, plan).slice(cache.length + 1)}/`;
      const own = errors.filter((error) => error.startsWith(prefix));
      return [plan.document.path, [...global, ...own.map((error) => place(plan.document.path, error))]];
    }),
  );
}

/** `folder/line-3.ts(5,1): error …` becomes `README.md:5: error …`, the lines being the document's. */
function place(path: string, error: string): string {
  return error.trimEnd().replace(/^[^(]*\((\d+),\d+\)/, `${path}:$1`);
}
