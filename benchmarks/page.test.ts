import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import { describeWith, requirement } from "../scripts/test/requirement.ts";
import { temporaryFolder } from "../scripts/test/temporary-folder.ts";
import type { Row } from "./lib/row.ts";

describeWith(requirement("chromium"), "a page", () => {
  test("draws frames while each subject predicts", { timeout: 120_000 }, async () => {
    const json = join(temporaryFolder(), "rows.json");
    const script = join(import.meta.dirname, "page.ts");
    const command = ["--conditions=@mlops/source", script, "--quick", "--json", json];
    const { stdout } = await promisify(execFile)(process.execPath, command);
    const rows = JSON.parse(readFileSync(json, "utf8")) as Row[];

    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
    for (const { name, goal, holds } of rows) {
      expect(stdout).toContain(name);
      expect(typeof holds, name).toBe(goal === null ? "object" : "boolean");
    }
    const valueOf = (name: string): number | undefined => rows.find((row) => row.name === name)?.value;
    for (const subject of ["@mlops/core", "onnxruntime-web"]) {
      expect(valueOf(`frames: ${subject}`), subject).toBeGreaterThan(0);
      expect(valueOf(`predictions: ${subject}`), subject).toBeGreaterThan(0);
    }
    expect(valueOf("frames: nothing")).toBeGreaterThan(0);
  });
});
