import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { repositoryRoot } from "../lib/repository.ts";
import { run } from "../lib/run.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Runs Vitest, with our reporter, on one test file with this text. */
async function runTestFile(text: string, environment: NodeJS.ProcessEnv = {}) {
  const folder = temporaryFolder(join(repositoryRoot, ".cache"));
  const reporter = JSON.stringify(join(import.meta.dirname, "closing-line-reporter.ts"));
  writeFileSync(
    join(folder, "vitest.config.ts"),
    `import { ClosingLineReporter } from ${reporter};
     export default { test: { include: ["*.check.ts"], reporters: ["default", new ClosingLineReporter()] } };`,
  );
  writeFileSync(
    join(folder, "one.check.ts"),
    `import { beforeAll, describe, expect, test } from "vitest";
     import { describeWith, requirement } from ${JSON.stringify(join(import.meta.dirname, "requirement.ts"))};
     ${text}`,
  );
  const vitest = join(repositoryRoot, "node_modules/vitest/vitest.mjs");
  const result = await run(process.execPath, [vitest, "run", "--root", folder], {
    cwd: folder,
    env: { ...process.env, CI: "", ...environment },
  });
  return { ...result, lastLine: result.stdout.split("\n").at(-2), end: result.stdout.at(-1) };
}

describe("the last line of the output", () => {
  test("counts what passed", async () => {
    const result = await runTestFile(`test("a", () => {}); test("b", () => {});`);
    expect(result).toMatchObject({ code: 0, lastLine: "2 passed, 0 failed", end: "\n" });
  });

  test("counts what failed", async () => {
    const result = await runTestFile(`test("a", () => {}); test("b", () => expect(1).toBe(2));`);
    expect(result).toMatchObject({ code: 1, lastLine: "1 passed, 1 failed" });
  });

  test("counts what was skipped, below the reasons", async () => {
    const result = await runTestFile(
      `test("a", () => {});
       test("b", ({ skip }) => skip("the moon is full"));
       describeWith(requirement("redis", { PATH: "/nowhere" }), "Store", () => {
         beforeAll(() => { throw new Error("hooks of a skipped suite do not run"); });
         describe("inner", () => test("c", () => {}));
       });`,
    );
    expect(result).toMatchObject({ code: 0, lastLine: "1 passed, 0 failed, 2 skipped" });
    expect(result.stdout).toContain("Skipped, the moon is full\n  - one.check.ts > b\n");
    expect(result.stdout).toMatch(
      /Skipped, redis is missing: install it with .*\n {2}- one\.check\.ts > Store > inner > c\n/,
    );
  });

  test("counts a missing part as a failure with CI=true", async () => {
    const result = await runTestFile(
      `test("a", () => {}); describeWith(requirement("redis", { PATH: "/nowhere" }), "Store", () => test("b", () => {}));`,
      { CI: "true" },
    );
    expect(result).toMatchObject({ code: 1, lastLine: "1 passed, 1 failed" });
  });

  test.each([
    [
      "an unhandled rejection",
      `test("a", () => { void Promise.reject(new Error("lost")); });`,
      "1 passed, 1 failed",
    ],
    ["a file that cannot load", `throw new Error("no");`, "0 passed, 1 failed"],
    ["a file without tests", ``, "0 passed, 1 failed"],
    [
      "a hook that throws",
      `describe("s", () => { beforeAll(() => { throw new Error("no"); }); test("a", () => {}); });`,
      "0 passed, 1 failed, 1 skipped",
    ],
  ])("counts %s as a failure", async (_name, text, lastLine) => {
    expect(await runTestFile(text)).toMatchObject({ code: 1, lastLine });
  });
});
