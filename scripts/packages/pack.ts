import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { PublishedPackage } from "../lib/repository.ts";
import { runOrThrow } from "../lib/run.ts";

/** A package as it would be published. */
export interface PackedPackage {
  readonly name: string;
  /** Absolute path of the `.tgz`. */
  readonly tarball: string;
  /** What can be imported: `@mlops/server`, `@mlops/server/fastify`. */
  readonly entries: readonly string[];
}

/** Packs all packages into a folder. Throws when a tarball has tests in it, or lacks its licence or README. */
export async function packAll(
  packages: readonly PublishedPackage[],
  folder: string,
): Promise<PackedPackage[]> {
  const packed: PackedPackage[] = [];
  for (const { folder: cwd, packageJson } of packages) {
    const before = new Set(readdirSync(folder));
    await runOrThrow("pnpm", ["pack", "--pack-destination", folder], { cwd });
    const file = readdirSync(folder).find((name) => name.endsWith(".tgz") && !before.has(name));
    if (file === undefined) throw new Error(`pnpm pack wrote no tarball for ${packageJson.name}.`);
    const tarball = join(folder, file);
    const entries = Object.keys(packageJson.exports ?? {})
      .filter((path) => path !== "./package.json")
      .map((path) => packageJson.name + path.slice(1));
    await checkContents({ name: packageJson.name, tarball, entries }, folder);
    packed.push({ name: packageJson.name, tarball, entries });
  }
  return packed;
}

async function checkContents({ name, tarball, entries }: PackedPackage, cwd: string): Promise<void> {
  // A package that publishes tools for testing has them in a folder of that name.
  const isTest = entries.includes(`${name}/testing`)
    ? /\.(test|test-d|bench|fixtures)\./
    : /\.(test|test-d|bench|fixtures)\.|\/testing\//;
  const { stdout } = await runOrThrow("tar", ["-tzf", tarball], { cwd });
  const files = stdout.trimEnd().split("\n");
  const problems = [
    ...files.filter((file) => isTest.test(file)).map((file) => `contains ${file}`),
    ...["package/LICENSE", "package/README.md"]
      .filter((file) => !files.includes(file))
      .map((file) => `lacks ${file}`),
  ];
  if (problems.length > 0)
    throw new Error(problems.map((problem) => `The tarball of ${name} ${problem}.`).join("\n"));
}
