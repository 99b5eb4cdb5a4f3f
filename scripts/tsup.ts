import { defineConfig } from "tsup";

/** A configuration of tsup. */
export type PackageBuild = ReturnType<typeof defineConfig>;

/** Sources by the name that their build has in `dist`. */
type Entries = Readonly<Record<string, string>>;

/**
 * The build of every published package: one ESM file and one declaration file for each entry that
 * can be imported. What is only started, such as a worker, has no declarations.
 */
export function definePackage(entry: Entries, started: Entries = {}): PackageBuild {
  return defineConfig({
    entry: { ...entry, ...started },
    format: "esm",
    target: "es2022",
    platform: "neutral",
    dts: { entry: { ...entry } },
    clean: true,
    sourcemap: true,
    treeshake: true,
    silent: true,
  });
}
