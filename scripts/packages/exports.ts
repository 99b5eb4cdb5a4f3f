import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import type { ExportTarget, PublishedPackage } from "../lib/repository.ts";

/**
 * Holds `exports` and `dist` against each other: every file that `exports`
 * names exists, and every file of `dist` is named, or imported by one that is.
 *
 * @throws Error with a line for each that is not.
 */
export function checkExports(packages: readonly PublishedPackage[]): void {
  const problems = packages.flatMap(({ folder, packageJson }) =>
    exportProblems(folder, packageJson.exports ?? {}).map((problem) => `${packageJson.name}: ${problem}`),
  );
  if (problems.length > 0) throw new Error(problems.join("\n"));
}

/** What is wrong between the `exports` of a package and its files. */
export function exportProblems(folder: string, exports: Readonly<Record<string, ExportTarget>>): string[] {
  const targets = Object.values(exports).flatMap(targetFiles);
  const missing = targets.filter((target) => !existsSync(join(folder, target)));
  const reachable = new Set<string>();
  for (const target of targets) addImports(folder, posix.normalize(target), reachable);
  const unreachable = distFiles(folder).filter((file) => !reachable.has(file.replace(/\.map$/, "")));
  return [
    ...missing.map((target) => `exports names ${target}, which does not exist.`),
    ...unreachable.map((file) => `${file} is built, but no entry of exports leads to it.`),
  ];
}

function targetFiles(target: ExportTarget): string[] {
  return typeof target === "string" ? [target] : Object.values(target).flatMap(targetFiles);
}

function addImports(folder: string, file: string, reachable: Set<string>): void {
  if (reachable.has(file) || !file.startsWith("dist/") || !existsSync(join(folder, file))) return;
  reachable.add(file);
  const text = readFileSync(join(folder, file), "utf8");
  for (const [, specifier = ""] of text.matchAll(
    /(?:from|import|import\(|URL\()\s*["'](\.{1,2}\/[^"']+)["']/g,
  )) {
    const target = posix.join(posix.dirname(file), specifier);
    // A declaration imports "./chunk.js" and means "./chunk.d.ts".
    addImports(
      folder,
      file.endsWith(".d.ts") ? target.replace(/(\.d)?\.(js|ts)$/, ".d.ts") : target,
      reachable,
    );
  }
}

function distFiles(folder: string): string[] {
  const dist = join(folder, "dist");
  if (!existsSync(dist)) return [];
  return readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => posix.join("dist", entry.parentPath.slice(dist.length + 1), entry.name))
    .sort();
}
