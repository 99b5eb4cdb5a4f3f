import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

import { detectorNames } from "@mlops/drift/detectors";
import { expect, test } from "vitest";

test("has a row of every detector in every table, beside one that always fires", async () => {
  const script = join(import.meta.dirname, "detectors.ts");
  const command = ["--conditions=@mlops/source", script, "--quick"];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, command);
  expect(stderr).toBe("");
  for (const name of [
    ...detectorNames.flatMap((title) => [title, `${title}, River's rule`]),
    "always fires",
  ]) {
    expect(stdout.split("\n").filter((line) => line.startsWith(`| ${name} |`))).toHaveLength(3);
  }
  expect(stdout).toContain("| always fires | 1 | 1 | 1 | 1 | 1 | 1 |");
}, 60_000);
