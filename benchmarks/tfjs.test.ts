import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import { temporaryFolder } from "../scripts/test/temporary-folder.ts";
import type { Row } from "./lib/row.ts";

test("measures every subject, and judges every goal", { timeout: 120_000 }, async () => {
  const json = join(temporaryFolder(), "rows.json");
  const script = join(import.meta.dirname, "tfjs.ts");
  const command = ["--conditions=@mlops/source", script, "--quick", "--json", json];
  const { stdout } = await promisify(execFile)(process.execPath, command);
  const rows = JSON.parse(readFileSync(json, "utf8")) as Row[];

  expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
  expect(rows).not.toHaveLength(0);
  for (const { name, value, goal, holds } of rows) {
    expect(stdout).toContain(name);
    expect(value, name).toBeGreaterThan(0);
    expect(typeof holds, name).toBe(goal === null ? "object" : "boolean");
  }
});
