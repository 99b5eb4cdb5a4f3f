import { repositoryRoot } from "./lib/repository.ts";
import { run } from "./lib/run.ts";

/** What `pnpm check:static` runs: scripts of the root's package.json, the quick ones first. */
const steps = [
  "typecheck",
  "lint",
  "format:check",
  "import-rules",
  "knip",
  "docs:check",
  "check:packages",
] as const;

/** Runs the steps one by one, prints each with its time, and stops at the first that fails. */
async function main(): Promise<void> {
  for (const step of steps) {
    process.stdout.write(step.padEnd(16));
    const start = performance.now();
    const { code, output } = await run("pnpm", ["run", step], { cwd: repositoryRoot });
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${code === 0 ? "ok" : "FAILED"}${`${seconds} s`.padStart(code === 0 ? 9 : 10)}`);
    if (code !== 0) {
      console.log(`\n${output.trimEnd()}\n\nFailed: pnpm ${step}`);
      process.exitCode = 1;
      return;
    }
  }
}

await main();
