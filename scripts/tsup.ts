import { defineConfig } from "tsup";

/** A configuration of tsup. */
export type PackageBuild = ReturnType<typeof defineConfig>;

/** The build of every published package: one ESM file and one declaration file per entry. */
export function definePackage(entry: string[]): PackageBuild {
  return defineConfig({
    entry,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    dts: true,
    clean: true,
    sourcemap: true,
    treeshake: true,
    silent: true,
  });
}
