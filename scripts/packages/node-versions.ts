import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../lib/repository.ts";
import { runOrThrow } from "../lib/run.ts";

/** The Node versions that the packages are tried under: the oldest that is supported, and the newest of each line. */
const versions: Readonly<Record<string, string>> = { node20: "20.19.0", node22: "22", node24: "24" };

/** A Node that the packages are tried under. */
export interface NodeVersion {
  /** As it prints itself, `v20.19.0`. */
  readonly version: string;
  /** Absolute path of its program. */
  readonly path: string;
}

/** Installs the versions from npm, into a git-ignored folder where the next run finds them. */
export async function installNodeVersions(): Promise<NodeVersion[]> {
  const folder = join(repositoryRoot, ".cache/node-versions");
  mkdirSync(folder, { recursive: true });
  const dependencies = Object.fromEntries(
    Object.entries(versions).map(([name, range]) => [name, `npm:node@${range}`]),
  );
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
  await runOrThrow("npm", ["install", "--no-audit", "--no-fund"], { cwd: folder });
  return Promise.all(
    Object.keys(versions).map(async (name) => {
      const path = join(folder, "node_modules", name, "bin/node");
      const { stdout } = await runOrThrow(path, ["--version"], { cwd: folder });
      return { version: stdout.trim(), path };
    }),
  );
}
