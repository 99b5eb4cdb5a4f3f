import { copyFileSync, existsSync, mkdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../lib/repository.ts";
import { nativeFiles } from "./cache.ts";

/** The folder of the installed `@tensorflow/tfjs-node`. */
export function installedPackage(): string {
  return realpathSync(join(repositoryRoot, "packages/backend-tfjs/node_modules/@tensorflow/tfjs-node"));
}

/** Where tfjs-node looks for its binding, within its own folder. */
const bindingFolder = "lib/napi-v8";

/** The native part of the installed tfjs-node, which its own installer or this script puts there. */
export function installedBinding(): string | undefined {
  const path = join(installedPackage(), bindingFolder, nativeFiles.binding);
  return existsSync(path) ? path : undefined;
}

/**
 * Puts the native part where tfjs-node looks for it. The libraries, of 850 MB, are linked and not copied.
 *
 * @returns What became of it.
 */
export function installNativePart(cache: string, packageFolder: string): "installed" | "not built yet" {
  if (!existsSync(join(cache, nativeFiles.binding))) return "not built yet";
  const binding = join(packageFolder, bindingFolder);
  const libraries = join(packageFolder, "deps/lib");
  for (const folder of [binding, libraries]) mkdirSync(folder, { recursive: true });
  copyFileSync(join(cache, nativeFiles.binding), join(binding, nativeFiles.binding));
  for (const name of nativeFiles.libraries) {
    rmSync(join(libraries, name), { force: true });
    symlinkSync(join(cache, name), join(libraries, name));
  }
  return "installed";
}
