import { readdirSync } from "node:fs";
import { posix } from "node:path";

const ignoredFolders = new Set(["node_modules", "dist", ".cache", ".git", "coverage"]);

/** The files below `folder` whose name matches, relative to `root`, sorted; installed and built files are left out. */
export function listFiles(root: string, folder: string, name: RegExp): string[] {
  return readdirSync(posix.join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory()) return ignoredFolders.has(entry.name) ? [] : listFiles(root, path, name);
      return name.test(entry.name) ? [path] : [];
    })
    .sort();
}

/** The folders directly in `folder`, as paths relative to `root`, sorted. */
export function listFolders(root: string, folder: string): string[] {
  return readdirSync(posix.join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !ignoredFolders.has(entry.name))
    .map((entry) => `${folder}/${entry.name}`)
    .sort();
}
