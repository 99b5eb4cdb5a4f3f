import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import { temporaryFolder } from "../scripts/test/temporary-folder.ts";
import type { Row } from "./lib/row.ts";
import { driftPeers, findPython } from "./peers/python.ts";

// Nothing is installed for it: without the peers there are our figures, which are what is tested.
const python = await findPython({ needs: driftPeers, install: false, progress: () => {} });

test("measures ours, and judges every goal where the peers are", { timeout: 180_000 }, async () => {
  const json = join(temporaryFolder(), "rows.json");
  const script = join(import.meta.dirname, "drift-peers.ts");
  const command = ["--conditions=@mlops/source", script, "--quick", "--json", json];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, command);
  const rows = JSON.parse(readFileSync(json, "utf8")) as Row[];

  expect(rows).toHaveLength(3);
  for (const { name, value, ratio, holds } of rows) {
    expect(stdout).toContain(name);
    expect(value, name).toBeGreaterThan(0);
    expect(typeof ratio, name).toBe(python.available ? "number" : "object");
    expect(typeof holds, name).toBe(python.available ? "boolean" : "object");
  }
  expect(stderr.includes("The peers are not measured: ")).toBe(!python.available);
});
