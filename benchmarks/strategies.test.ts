import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import { temporaryFolder } from "../scripts/test/temporary-folder.ts";
import type { Row } from "./lib/row.ts";

test("measures what each strategy costs", { timeout: 120_000 }, async () => {
  const json = join(temporaryFolder(), "rows.json");
  const script = join(import.meta.dirname, "strategies.ts");
  const command = ["--conditions=@mlops/source", script, "--quick", "--json", json];
  const { stdout } = await promisify(execFile)(process.execPath, command);
  const rows = JSON.parse(readFileSync(json, "utf8")) as Row[];

  for (const strategy of ["direct", "shadow", "blue-green", "canary", "A/B"]) {
    expect(stdout).toContain(`| ${strategy}`);
  }
  const valueOf = (name: string): number | undefined => rows.find((row) => row.name === name)?.value;
  expect(valueOf("shadow: affected requests of a bad one")).toBe(0);
  expect(valueOf("canary: affected requests of a bad one")).toBeGreaterThan(0);
  expect(valueOf("A/B, half and half: affected requests of a bad one")).toBeGreaterThan(0);
  // It asks which version is better; one that is only as good is none.
  expect(stdout).toMatch(/\| A\/B, half and half *\| until one is better/);
  expect(valueOf("direct: affected requests of a bad one")).toBeUndefined();
});
