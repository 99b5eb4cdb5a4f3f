import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import { temporaryFolder } from "../scripts/test/temporary-folder.ts";
import type { Row } from "./lib/row.ts";

test("measures what a rollout adds", { timeout: 120_000 }, async () => {
  const json = join(temporaryFolder(), "rows.json");
  const script = join(import.meta.dirname, "rollout.ts");
  const command = ["--conditions=@mlops/source", script, "--quick", "--json", json];
  const { stdout } = await promisify(execFile)(process.execPath, command);
  const rows = JSON.parse(readFileSync(json, "utf8")) as Row[];

  expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
  expect(rows).toHaveLength(4);
  for (const { name, value } of rows) {
    expect(stdout).toContain(name);
    expect(Number.isFinite(value), name).toBe(true);
  }
});
