import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publishedPackages, repositoryRoot } from "./lib/repository.ts";
import { runOrThrow } from "./lib/run.ts";
import { checkBundlers } from "./packages/bundlers.ts";
import { checkConsumer } from "./packages/consumer.ts";
import { checkExports } from "./packages/exports.ts";
import { installNodeVersions } from "./packages/node-versions.ts";
import { packAll } from "./packages/pack.ts";

/**
 * Builds the published packages, checks what would be published, and uses it
 * from a small project of its own under every supported Node.
 */
async function main(): Promise<void> {
  const packages = publishedPackages();
  const folder = mkdtempSync(join(tmpdir(), "check-packages-"));
  const root = { cwd: repositoryRoot };
  try {
    await step("build", () => runOrThrow("pnpm", ["run", "build"], root));
    await step("exports and files", () => checkExports(packages));
    const tarballs = await step("pack", () => packAll(packages, folder));
    for (const { tarball, name } of tarballs) {
      await step(`publint ${name}`, () => runOrThrow("publint", ["--strict", tarball], root));
      await step(`attw ${name}`, () =>
        runOrThrow("attw", [tarball, "--profile", "esm-only", "--no-color"], root),
      );
    }
    const sizes = await step("size", () => runOrThrow("size-limit", [], root));
    console.log(sizes.stdout.trimEnd());
    const nodes = await step("Node versions", installNodeVersions);
    await checkConsumer({ folder, tarballs, nodes, step });
    await checkBundlers({ folder, tarballs, step });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Prints what is done and how long it took. */
async function step<Result>(name: string, work: () => Result | Promise<Result>): Promise<Result> {
  process.stdout.write(`  ${name.padEnd(44)}`);
  const start = performance.now();
  try {
    const result = await work();
    console.log(`ok ${((performance.now() - start) / 1000).toFixed(1).padStart(6)} s`);
    return result;
  } catch (error) {
    console.log("FAILED");
    throw error;
  }
}

await main();
