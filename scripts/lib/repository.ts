import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { listFolders } from "./files.ts";

/** The repository's root folder. */
export const repositoryRoot: string = dirname(dirname(import.meta.dirname));

/** What a path of `exports` leads to: a file, or one for each condition. */
export type ExportTarget = string | { readonly [condition: string]: ExportTarget };

/** The parts of a package.json that the scripts read. */
export interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, ExportTarget>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly engines?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A package that is published. */
export interface PublishedPackage {
  /** Absolute path of its folder. */
  readonly folder: string;
  readonly packageJson: PackageJson;
}

/** Reads a package.json. */
export function readPackageJson(folder: string): PackageJson {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as PackageJson;
}

/** All published packages: the folders of `packages/`, by name. */
export function publishedPackages(): PublishedPackage[] {
  return listFolders(repositoryRoot, "packages")
    .map((folder) => join(repositoryRoot, folder))
    .map((folder) => ({ folder, packageJson: readPackageJson(folder) }));
}
